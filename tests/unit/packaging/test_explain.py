"""`invoke build --explain`: what is in a package, and why."""

import json
from pathlib import Path

import pytest

from tests.packaging.checkouts import HANDLER, Checkout, admit, pin
from tests.packaging.wheels import make_wheel
from toolchain.errors import ManifestError
from toolchain.packaging import console
from toolchain.packaging.build import Request
from toolchain.packaging.explain import Row, explain, lines


@pytest.fixture
def explained(sample: Checkout, tmp_path: Path) -> Checkout:
    """A function that requires users, which requires mail."""
    text = ",".join(str(number * number) for number in range(2000))
    users = admit(sample, make_wheel(tmp_path, "users", {"users.py": "import mail", "users.txt": text}))
    mail = admit(sample, make_wheel(tmp_path, "mail", {"mail.py": "", "unused.py": ""}))
    sample.function("people", "import users\n" + HANDLER)
    sample.lock(
        "people",
        f"{pin(mail)}\n    # via users, -c requirements-dev.txt",
        f"{pin(users)}\n    # via -c requirements-dev.txt, -r functions/people/requirements.in",
    )
    return sample


def _explain(sample: Checkout) -> list[Row]:
    return explain(sample.project, sample.cache, Request("people"))


def test_reasons(explained: Checkout) -> None:
    explained.build()
    assert {row.part: row.reason for row in _explain(explained)} == {
        "users 1.0": "functions/people/requirements.in",
        "mail 1.0": "required by users",
        "lib": "shared by all functions",
        "bytecode of requirements": "compiled modules that the function can reach",
        "functions/people": "the function itself",
    }


def test_parts_and_their_files_are_those_of_the_package(explained: Checkout) -> None:
    result = explained.build()["people"]
    rows = _explain(explained)
    assert sorted(name for row in rows for name, _ in row.files) == sorted(explained.names("people"))
    assert sum(row.unzipped_bytes for row in rows) == result.unzipped_bytes
    assert rows[0].part == "users 1.0"
    assert [row.zip_bytes for row in rows] == sorted((row.zip_bytes for row in rows), reverse=True)


def test_only_modules_that_the_function_reaches_have_bytecode(explained: Checkout) -> None:
    explained.build()
    [bytecode] = [row for row in _explain(explained) if row.part == "bytecode of requirements"]
    assert sorted(name for name, _ in bytecode.files) == [
        "__pycache__/mail.cpython-313.pyc",
        "__pycache__/users.cpython-313.pyc",
    ]


def test_as_text() -> None:
    rows = [
        Row("pydantic 2.0", "required by x", 3000, 1_500_000, (("p.py", 2000), ("q.py", 1000))),
        Row("lib", "shared by all functions", 500, 600, (("lib/a.py", 500),)),
    ]
    assert list(lines(rows)) == [
        "part              zipped    unzipped  why",
        "pydantic 2.0      2.9 KB  1,464.8 KB  required by x",
        "lib               0.5 KB      0.6 KB  shared by all functions",
        "",
        "largest files (zipped)",
        "    2.0 KB  p.py",
        "    1.0 KB  q.py",
        "    0.5 KB  lib/a.py",
    ]


def test_on_the_console(explained: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    """It builds first, whatever was there; as JSON it has every file."""
    console.explain(explained.project, explained.cache, Request("people"), as_json=True)
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["part"] == "users 1.0"
    files = [name for row in rows for name, _ in row["files"]]
    assert sorted(files) == sorted(explained.names("people"))
    console.explain(explained.project, explained.cache, Request("people"), as_json=False)
    assert capsys.readouterr().out.splitlines()[0].split() == ["part", "zipped", "unzipped", "why"]


def test_an_unknown_function(explained: Checkout) -> None:
    with pytest.raises(ManifestError) as caught:
        console.explain(explained.project, explained.cache, Request("peple"), as_json=False)
    assert str(caught.value) == "there is no function peple; did you mean 'people'? There are people"
