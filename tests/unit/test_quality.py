"""The commands of `invoke test`, `lint` and `format`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from toolchain.errors import ToolchainError
from toolchain.project import Project
from toolchain.quality import checks, format_sources, lint, pytest_command


class FakeRun:
    """Notes the commands; those with one of the `failing` words fail."""

    def __init__(self, *failing: str) -> None:
        self._failing = set(failing)
        self.commands: list[str] = []

    def __call__(self, command: Sequence[str], directory: Path) -> int:
        self.commands.append(" ".join([Path(command[0]).name, *command[1:]]))
        return 0 if directory.is_dir() and self._failing.isdisjoint(self.commands[-1].split()) else 1


@pytest.mark.parametrize(("processors", "processes"), [(None, "2"), (2, "3"), (10, "4")])
@pytest.mark.parametrize(("suite", "arguments"), [(None, []), ("unit", ["tests/unit"])])
def test_whole_suite_is_shared_among_processes(
    suite: str | None,
    arguments: list[str],
    processors: int | None,
    processes: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.process_cpu_count", lambda: processors)
    sharing = ["-n", processes, "--dist", "loadfile", "--no-loadscope-reorder"]
    assert pytest_command(suite, None) == [sys.executable, "-m", "pytest", *arguments, *sharing]


@pytest.mark.parametrize(
    ("suite", "expression", "arguments"),
    [
        (None, "users and not slow", ["-k", "users and not slow"]),
        ("e2e", "users", ["tests/e2e", "-k", "users"]),
        ("functions", None, ["tests/unit/functions", "tests/integration/functions"]),
    ],
)
def test_tests_that_are_chosen(suite: str | None, expression: str | None, arguments: list[str]) -> None:
    assert pytest_command(suite, expression) == [sys.executable, "-m", "pytest", *arguments]


def test_a_suite_that_is_none() -> None:
    with pytest.raises(ToolchainError) as caught:
        pytest_command("unti", None)
    assert str(caught.value) == "there is no suite 'unti'; use functions, unit, integration, e2e"


def _checkout(root: Path, *files: str) -> Project:
    for file in files:
        (root / file).parent.mkdir(exist_ok=True)
        (root / file).touch()
    return Project(root)


@pytest.mark.parametrize(
    ("files", "shellcheck", "names"),
    [
        (["inv", ".ci/run"], "/bin/shellcheck", ["ruff check", "ruff format", "mypy", "shellcheck"]),
        (["inv"], None, ["ruff check", "ruff format", "mypy"]),
        ([], "/bin/shellcheck", ["ruff check", "ruff format", "mypy"]),
    ],
)
def test_shell_scripts_are_checked_if_shellcheck_is_there(
    tmp_path: Path, files: list[str], shellcheck: str | None, names: list[str]
) -> None:
    found = checks(_checkout(tmp_path, *files), shellcheck)
    assert [check.name for check in found] == names


def test_only_scripts_that_are_there_are_checked(tmp_path: Path) -> None:
    found = checks(_checkout(tmp_path, "inv"), "/bin/shellcheck")
    assert found[-1].command == ("/bin/shellcheck", "inv")


def test_lint_runs_all_checks_and_names_those_that_failed(tmp_path: Path) -> None:
    run = FakeRun("check", "mypy")
    with pytest.raises(ToolchainError) as error:
        lint(_checkout(tmp_path), run)
    assert str(error.value) == "lint failed: ruff check, mypy"
    assert run.commands == ["ruff check .", "ruff format --check .", "mypy"]


def test_lint_without_faults_says_nothing(tmp_path: Path) -> None:
    lint(_checkout(tmp_path, "inv"), FakeRun())


def test_format_sorts_imports_and_formats(tmp_path: Path) -> None:
    run = FakeRun("--fix")
    with pytest.raises(ToolchainError) as error:
        format_sources(_checkout(tmp_path), run)
    assert str(error.value) == "format failed; the messages above say why"
    assert run.commands == ["ruff check --select I --fix --quiet .", "ruff format ."]
