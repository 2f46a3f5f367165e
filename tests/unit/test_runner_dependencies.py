"""The packages of a function: installed once for equal pins, whole or not at all."""

import os
from pathlib import Path

import pytest

from toolchain.errors import LockError, ToolchainError
from toolchain.local.run.dependencies import KEPT_DAYS, ensure_dependencies
from toolchain.packaging.lockfile import render
from toolchain.project import Project

NOW = 1_700_000_000.0
DAY = 86_400


class FakeInstall:
    """Writes what it was asked to install."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.installed: list[str] = []
        self._failure = failure

    def __call__(self, requirements: Path, directory: Path) -> None:
        directory.mkdir(parents=True)
        (directory / "pins.txt").write_bytes(requirements.read_bytes())
        if self._failure:
            raise self._failure
        self.installed.append(requirements.parent.name)


def _lock(project: Project, name: str, pin: str) -> None:
    """Requirements whose lock says, in a comment, which function they are of."""
    function = project.functions / name
    function.mkdir(parents=True)
    (function / "requirements.in").write_text("pymysql\n")
    body = f"{pin} \\\n    --hash=sha256:{'0' * 64}\n    # via -r functions/{name}/requirements.in\n"
    (function / "requirements.txt").write_bytes(render([b"pymysql\n"], body.encode()))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """With two functions that pin the same, one that pins another version, and one without requirements."""
    project = Project(tmp_path)
    for name, pin in {"health": "pymysql==2", "create_user": "pymysql==2", "older": "pymysql==1"}.items():
        _lock(project, name, pin)
    (project.functions / "plain").mkdir()
    return project


def _names(project: Project) -> set[str]:
    return {path.name for path in (project.local / "dependencies").iterdir() if path.is_dir()}


def test_function_without_requirements_has_no_packages(project: Project) -> None:
    install = FakeInstall()
    assert ensure_dependencies(project, "plain", install, NOW) is None
    assert install.installed == []


def test_equal_pins_are_installed_once(project: Project) -> None:
    """The comments of the two files differ: they name the function."""
    install = FakeInstall()
    directories = {ensure_dependencies(project, name, install, NOW) for name in ("create_user", "health")}
    assert directories == {project.local / "dependencies" / name for name in _names(project)}
    assert len(install.installed) == 1


def test_other_pins_are_installed_elsewhere(project: Project) -> None:
    directories = [ensure_dependencies(project, name, FakeInstall(), NOW) for name in ("health", "older")]
    assert directories[0] != directories[1]


def test_file_without_pins_needs_no_packages(project: Project) -> None:
    """`requirements.in` may say nothing but why."""
    function = project.functions / "health"
    (function / "requirements.in").write_text("# nothing yet\n")
    (function / "requirements.txt").write_bytes(render([b"# nothing yet\n"], b""))
    assert ensure_dependencies(project, "health", FakeInstall(), NOW) is None


def test_failed_installation_leaves_nothing_that_counts(project: Project) -> None:
    with pytest.raises(LockError):
        ensure_dependencies(project, "health", FakeInstall(LockError("no wheel")), NOW)
    install = FakeInstall()
    ensure_dependencies(project, "health", install, NOW)
    assert install.installed == ["health"]
    assert [name for name in _names(project) if name.endswith(".partial")] == []


def test_packages_that_no_run_uses_are_removed_in_time(project: Project) -> None:
    dependencies = project.local / "dependencies"
    for name, age_days in (("old", KEPT_DAYS + 1), ("recent", KEPT_DAYS - 1)):
        (dependencies / name).mkdir(parents=True)
        os.utime(dependencies / name, (NOW - age_days * DAY,) * 2)
    current = ensure_dependencies(project, "health", FakeInstall(), NOW)
    assert current is not None
    assert _names(project) == {"recent", current.name}


def test_use_keeps_packages(project: Project) -> None:
    used = ensure_dependencies(project, "health", FakeInstall(), NOW)
    assert used is not None
    ensure_dependencies(project, "health", FakeInstall(), NOW + KEPT_DAYS * DAY)
    assert used.stat().st_mtime == NOW + KEPT_DAYS * DAY


def test_requirements_that_are_not_locked(project: Project) -> None:
    (project.functions / "health" / "requirements.txt").unlink()
    with pytest.raises(LockError) as error:
        ensure_dependencies(project, "health", FakeInstall(), NOW)
    assert str(error.value) == "functions/health/requirements.txt is missing; run `invoke lock`"


def test_requirements_that_changed_since_they_were_locked(project: Project) -> None:
    (project.functions / "health" / "requirements.in").write_text("stripe\n")
    with pytest.raises(LockError) as error:
        ensure_dependencies(project, "health", FakeInstall(), NOW)
    assert str(error.value) == (
        "functions/health/requirements.txt is stale or was edited by hand; run `invoke lock`"
    )


def test_checkout_that_can_not_be_written_to(project: Project) -> None:
    (project.root / ".local").write_text("in the way")
    with pytest.raises(ToolchainError) as error:
        ensure_dependencies(project, "health", FakeInstall(), NOW)
    assert str(error.value) == (".local/dependencies: Not a directory; packages of functions are kept there")
