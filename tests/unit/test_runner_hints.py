"""What is advised when a function fails for how it is packed or run."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from toolchain.local.run.hints import hint
from toolchain.local.run.invocation import Failure
from toolchain.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for directory in ("toolchain", "functions/other", "functions/users"):
        (tmp_path / directory).mkdir(parents=True)
    (tmp_path / "tasks.py").touch()
    return Project(tmp_path)


def _distributions() -> Mapping[str, Sequence[str]]:
    return {"yaml": ["PyYAML"], "pydantic": ["pydantic"]}


@pytest.mark.parametrize(
    ("module", "advice"),
    [
        ("yaml", "add PyYAML to functions/users/requirements.in and run `invoke lock`"),
        ("pydantic.types", "add pydantic to functions/users/requirements.in and run `invoke lock`"),
        (
            "stripe",
            "add the package that has stripe to functions/users/requirements.in and run `invoke lock`",
        ),
        ("toolchain.errors", "toolchain.errors is not in the zip of users; move what it needs to lib/"),
        ("tasks", "tasks is not in the zip of users; move what it needs to lib/"),
        ("functions.other", "functions.other is not in the zip of users; move what it needs to lib/"),
        ("functions.users.model", None),
        ("lib.model", None),
    ],
)
def test_missing_module(project: Project, module: str, advice: str | None) -> None:
    failure = Failure("ModuleNotFoundError", f"No module named '{module}'", missing_module=module)
    assert hint(failure, project, "users", _distributions) == advice


def test_breakpoint_without_debug(project: Project) -> None:
    """pdb finds no terminal, and quits."""
    assert hint(Failure("BdbQuit", ""), project, "users", _distributions) == (
        "breakpoint() needs a terminal; run it with --debug"
    )


def test_other_failures_speak_for_themselves(project: Project) -> None:
    assert hint(Failure("ValueError", "no"), project, "users", _distributions) is None
