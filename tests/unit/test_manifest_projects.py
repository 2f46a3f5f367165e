"""Whole projects: what is read from disk, and everything that is wrong with it at once."""

import shutil
from pathlib import Path

import pytest

from toolchain.errors import ManifestError
from toolchain.manifest import parse_function, read_function, read_functions
from toolchain.manifest.sources import source_problems
from toolchain.project import Project

PROJECTS = Path(__file__).parents[1] / "projects"
GOOD = Project(PROJECTS / "manifests_good")
BROKEN = Project(PROJECTS / "manifests_broken")


def problems(project: Project) -> tuple[str, ...]:
    with pytest.raises(ManifestError) as raised:
        read_functions(project)
    return raised.value.problems


def test_functions_are_read_by_name() -> None:
    """Folders that start with _ or . belong to people and tools."""
    functions = read_functions(GOOD)
    assert list(functions) == ["by_name", "things", "user_pool", "worker"]
    assert functions["things"].http[1].path == "/things/{id}"


def test_every_problem_of_every_file_is_reported_at_once() -> None:
    """Sorted; what two functions have in common cites both."""
    assert problems(BROKEN) == (
        "events/no_event.json: missing; `invoke events no_event` prints one",
        (
            "functions/async_handler/handler.py: "
            "`handler` is async, which Lambda does not await; define it with def"
        ),
        (
            "functions/import/function.yaml: "
            "'import' can't be a function's name, it is a keyword of Python; use another"
        ),
        "functions/misspelt/function.yaml: architecture is 'arm'; use arm64 or x86_64",
        (
            "functions/misspelt/function.yaml: "
            "triggers[0].http.path is '/things/'; leave out the slash at the end; API Gateway refuses it"
        ),
        "functions/misspelt/function.yaml: unknown key 'memroy_mb'; did you mean 'memory_mb'?",
        "functions/no_handler/handler.py: has no `handler`; define handler(event, context)",
        "functions/no_handler_file/handler.py: missing; it has the function `handler(event, context)`",
        "functions/not_yaml/function.yaml: line 2, column 1: did not find expected node content",
        "functions/syntax_error/handler.py:1: expected ':'",
        (
            "functions/twice_b/function.yaml: triggers[0] is GET /things/{thing}, "
            "which functions/twice_a/function.yaml: triggers[0] has as GET /things/{id}; keep one"
        ),
        (
            "functions/twice_b/function.yaml: triggers[1] is PreTokenGeneration, "
            "which functions/twice_a/function.yaml: triggers[2] has already; keep one"
        ),
        (
            "functions/twice_b/function.yaml: triggers[2] and functions/twice_a/function.yaml: triggers[3] "
            "announce the same changes in the bucket uploads; "
            "S3 allows one, tell them apart by events, prefix or suffix"
        ),
        "functions/without_manifest/function.yaml: missing; every folder of functions/ has one",
    )


def test_a_project_without_functions_is_empty(tmp_path: Path) -> None:
    """A new checkout is no error."""
    assert read_functions(Project(tmp_path)) == {}


def test_leftover_bytecode_is_no_function(tmp_path: Path) -> None:
    """Git leaves ignored files behind when a branch without the function is checked out."""
    project = Project(tmp_path)
    (project.functions / "gone" / "__pycache__").mkdir(parents=True)
    (project.functions / "empty").mkdir()
    assert read_functions(project) == {}


def test_a_manifest_is_utf_8(tmp_path: Path) -> None:
    """The author's editor may say otherwise."""
    project = Project(tmp_path)
    shutil.copytree(GOOD.root, tmp_path, dirs_exist_ok=True)
    (project.functions / "by_name" / "function.yaml").write_bytes(b"description: caf\xe9\n")
    assert problems(project) == ("functions/by_name/function.yaml: is not UTF-8",)


def test_what_cannot_be_read_is_reported(tmp_path: Path) -> None:
    """A folder in the place of a file, for one."""
    project = Project(tmp_path)
    shutil.copytree(GOOD.root, tmp_path, dirs_exist_ok=True)
    for path in ("by_name/function.yaml", "things/handler.py"):
        (project.functions / path).unlink()
        (project.functions / path).mkdir()
    assert problems(project) == (
        "functions/by_name/function.yaml: can't be read: Is a directory",
        "functions/things/handler.py: can't be read: Is a directory",
    )


def test_one_function_is_read_alone() -> None:
    """A mistake elsewhere does not keep anyone from running a function."""
    assert read_function(BROKEN, "twice_a").timeout_seconds == 4


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("twice_c", "functions/twice_c: there is no such function; did you mean 'twice_b'?"),
        ("users", "functions/users: there is no such function; `invoke new-function` makes one"),
        (
            "not_yaml",
            "functions/not_yaml/function.yaml: line 2, column 1: did not find expected node content",
        ),
    ],
)
def test_a_function_that_cannot_be_read(name: str, problem: str) -> None:
    """The name may be a typo."""
    with pytest.raises(ManifestError) as raised:
        read_function(BROKEN, name)
    assert raised.value.problems == (problem,)


@pytest.mark.parametrize(
    "source",
    [
        "def handler(event, context): ...",
        "from lib.users import handler",
        "from lib.users import create as handler",
        "import lib.users as handler",
        "handler = lambda event, context: None",
        "handler: object = print",
        "first, handler = print, print",
        "class handler: ...",
        "if True:\n    handler = print",
        "try:\n    import fast\nexcept ImportError:\n    handler = print",
        "with open('x'):\n    handler = print",
    ],
)
def test_a_handler_is_whatever_an_import_binds(tmp_path: Path, source: str) -> None:
    """The file is parsed, not run: importing it could need what only Lambda has."""
    assert handler_problems(tmp_path, source) == []


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", " has no `handler`; define handler(event, context)"),
        ("handler: object", " has no `handler`; define handler(event, context)"),
        ("def outer():\n    handler = print", " has no `handler`; define handler(event, context)"),
        (
            "async def handler(event, context): ...",
            " `handler` is async, which Lambda does not await; define it with def",
        ),
        ("def handler(:", "1: invalid syntax"),
        ("handler = '\0'", "1: source code string cannot contain null bytes"),
    ],
)
def test_a_handler_that_lambda_cannot_call(tmp_path: Path, source: str, problem: str) -> None:
    """Lambda would say so at the first request only."""
    assert handler_problems(tmp_path, source) == [f"functions/users/handler.py:{problem}"]


def handler_problems(root: Path, source: str) -> list[str]:
    project = Project(root)
    (project.functions / "users").mkdir(parents=True)
    (project.functions / "users" / "handler.py").write_text(source)
    project.events.mkdir()
    (project.events / "users.json").write_text("{}")
    return list(source_problems(project, parse_function("users", "description: x")))
