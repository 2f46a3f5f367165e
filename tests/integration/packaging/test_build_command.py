"""`invoke build` as a user types it."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.checkouts import HANDLER, Checkout, admit, run_task, start_task
from tests.packaging.wheels import make_wheel

HEAVY = ("elftools", "multiprocessing", "packaging", "pydantic", "requests", "rich", "tomllib", "yaml")


@pytest.fixture
def people(clone: Checkout, tmp_path: Path) -> Checkout:
    """A checkout with two functions, one of which requires two wheels."""
    wheels = [
        admit(clone, make_wheel(tmp_path, name, {f"{name}.py": "x = 1\n", f"{name}.txt": name * 100}))
        for name in ("users", "mail")
    ]
    clone.function("people", "import users, mail\n" + HANDLER, wheels=wheels)
    clone.function("letters")
    return clone


def test_lines_on_stdout(people: Checkout) -> None:
    code, output, errors = run_task(people, "build")
    assert (code, errors) == (0, "")
    assert re.sub(r"\d+\.\d{3} s  [0-9a-f]{12}", "TIME HASH", output) == (
        "letters                      built      0.0 MB zip    0.0 MB unzipped   TIME HASH\n"
        "people                       built      0.0 MB zip    0.0 MB unzipped   TIME HASH\n"
    )


def test_a_reader_that_has_enough(people: Checkout) -> None:
    """`invoke build | head -1` makes all packages, and their document."""
    with start_task(people, "build") as task:
        assert task.stdout is not None
        assert task.stderr is not None
        task.stdout.close()
        assert task.stderr.read() == ""
    assert task.returncode == 0
    assert people.document().keys() == {"letters", "people"}


def test_json_on_stdout(people: Checkout) -> None:
    code, output, errors = run_task(people, "build", "--json")
    assert (code, errors) == (0, "")
    assert [(one["name"], one["status"]) for one in json.loads(output)["functions"]] == [
        ("letters", "built"),
        ("people", "built"),
    ]
    assert json.loads(output)["functions"][1]["sha256"] == people.document()["people"]["zip"]["sha256"]


def test_one_function_for_another_architecture(people: Checkout) -> None:
    assert run_task(people, "build", "--function", "letters", "--architecture", "arm64")[0] == 0
    assert list(people.dist()) == ["letters.zip"]


def test_explain(people: Checkout) -> None:
    code, output, errors = run_task(people, "build", "--explain", "people")
    assert (code, errors) == (0, "")
    assert {line.split("  ")[0] for line in output.splitlines()[:6]} == {
        "part",
        "mail 1.0",
        "users 1.0",
        "lib",
        "bytecode of requirements",
        "functions/people",
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--function", "peple"),
            "there is no function peple; did you mean 'people'? There are letters, people\n",
        ),
        (("--architecture", "amd64"), "--architecture is amd64; use arm64 or x86_64\n"),
    ],
)
def test_mistakes_on_the_command_line(options: tuple[str, ...], message: str, people: Checkout) -> None:
    assert run_task(people, "build", *options) == (1, "", message)


def test_problems_are_lines_on_stderr_without_a_traceback(people: Checkout) -> None:
    people.write("lib/broken.py", "x = = 1\n")
    people.write("lib/worse.py", "\n)\n")
    assert run_task(people, "build") == (
        1,
        "",
        "lib/broken.py:1: invalid syntax\nlib/worse.py:2: unmatched ')'\n",
    )


def test_a_toolchain_that_changed_builds_everything_again(people: Checkout) -> None:
    """What it prepares may be other bytes; here it is not, and the packages are the same."""
    run_task(people, "build")
    before = people.dist()
    path = people.project.root / "toolchain" / "packaging" / "limits.py"
    path.write_text(path.read_text() + "# changed\n")
    _, output, _ = run_task(people, "build", "--json")
    assert {one["status"] for one in json.loads(output)["functions"]} == {"built"}
    assert people.dist() == before


def test_nothing_heavy_is_imported_when_nothing_changed(people: Checkout) -> None:
    run_task(people, "build")
    program = (
        "import sys; from pathlib import Path\n"
        "from toolchain.packaging import console; from toolchain.project import Project\n"
        "request = console.request(None, None, clean=False)\n"
        "console.build(Project(Path.cwd()), Path(sys.argv[1]), request, as_json=False)\n"
        "print(sorted(set(sys.argv[2:]) & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(people.cache), *HEAVY],
        cwd=people.project.root,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = ran.stdout.splitlines()
    assert [line.split()[1] for line in lines[:2]] == ["reused", "reused"]
    assert lines[2] == "[]"


def test_a_package_runs_from_a_directory_of_its_own(people: Checkout, tmp_path: Path) -> None:
    """Nothing of it is compiled when it is imported; `python -v` tells what is loaded from where."""
    run_task(people, "build")
    with zipfile.ZipFile(people.zip("people")) as package:
        package.extractall(tmp_path / "task")
    program = "import functions.people.handler as x; print(x.handler({'a': 1}, None))"
    ran = subprocess.run(
        [sys.executable, "-v", "-S", "-B", "-c", program],
        cwd=tmp_path / "task",
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "{'a': 1}\n"
    loaded = re.findall(
        rf"^# code object from '?{re.escape(str(tmp_path))}/task/(\S+?)'?$", ran.stderr, re.MULTILINE
    )
    assert sorted(loaded) == [
        "__pycache__/mail.cpython-313.pyc",
        "__pycache__/users.cpython-313.pyc",
        "functions/people/__pycache__/handler.cpython-313.pyc",
    ]


def test_a_package_is_clean_for_every_zip_tool(people: Checkout) -> None:
    run_task(people, "build")
    with zipfile.ZipFile(people.zip("people")) as package:
        assert package.testzip() is None
        entries = package.infolist()
    names = [entry.filename for entry in entries]
    assert len(set(names)) == len(names)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert not [name for name in names if name.endswith("/")], "directories are not entries"
