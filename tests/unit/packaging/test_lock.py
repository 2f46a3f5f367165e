"""Whether locks are current: told without uv and without a network."""

from pathlib import Path

import pytest

from toolchain.errors import LockError
from toolchain.packaging.lock import check, lock
from toolchain.packaging.lockfile import render, verify, without_comments
from toolchain.project import Project

HASH = f"--hash=sha256:{'0' * 64}"
USERS, MAIL = f"users==1.0 {HASH}\n".encode(), f"mail==1.0 {HASH}\n".encode()
DEV_GROUP = b"['pytest']"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two functions, all locks current."""
    (tmp_path / "pyproject.toml").write_text('[dependency-groups]\ndev = ["pytest"]\n')
    for name, body in (("letters", USERS + MAIL), ("people", USERS)):
        folder = tmp_path / "functions" / name
        folder.mkdir(parents=True)
        (folder / "requirements.in").write_bytes(name.encode())
        (folder / "requirements.txt").write_bytes(render([name.encode()], body))
    (tmp_path / "requirements-dev.txt").write_bytes(render([DEV_GROUP, b"letters\npeople"], USERS + MAIL))
    return Project(tmp_path)


def _problems(project: Project) -> tuple[str, ...]:
    with pytest.raises(LockError) as caught:
        check(project)
    return caught.value.problems


def _relock_development(project: Project, body: bytes) -> None:
    files = project.functions.glob("*/requirements.in")
    wanted = sorted({line.strip() for path in files for line in path.read_bytes().splitlines()})
    project.requirements.write_bytes(render([DEV_GROUP, b"\n".join(wanted)], body))


def test_current_locks(project: Project) -> None:
    check(project)


def test_a_requirement_that_changed_after_the_lock(project: Project) -> None:
    """The development lock is made from it, too."""
    (project.functions / "people" / "requirements.in").write_text("people>2")
    assert _problems(project) == (
        "functions/people/requirements.txt is stale or was edited by hand; run `invoke lock`",
        "requirements-dev.txt is stale or was edited by hand; run `invoke lock`",
    )


def test_a_development_requirement_that_changed(project: Project) -> None:
    (project.root / "pyproject.toml").write_text('[dependency-groups]\ndev = ["pytest", "ruff"]\n')
    assert _problems(project) == ("requirements-dev.txt is stale or was edited by hand; run `invoke lock`",)


def test_the_order_of_development_requirements_does_not_matter(project: Project) -> None:
    (project.root / "pyproject.toml").write_text('[dependency-groups]\ndev = ["ruff", "pytest"]\n')
    project.requirements.write_bytes(render([b"['pytest', 'ruff']", b"letters\npeople"], USERS + MAIL))
    check(project)


def test_a_lock_that_was_edited(project: Project) -> None:
    path = project.functions / "people" / "requirements.txt"
    path.write_bytes(path.read_bytes().replace(b"1.0", b"1.1"))
    assert _problems(project) == (
        "functions/people/requirements.txt is stale or was edited by hand; run `invoke lock`",
    )


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", USERS, b"\n" + USERS])
def test_a_lock_that_is_none(content: bytes, project: Project) -> None:
    (project.functions / "people" / "requirements.txt").write_bytes(content)
    assert _problems(project) == (
        "functions/people/requirements.txt is stale or was edited by hand; run `invoke lock`",
    )


def test_locks_that_are_missing(project: Project) -> None:
    (project.functions / "people" / "requirements.txt").unlink()
    project.requirements.unlink()
    assert _problems(project) == (
        "functions/people/requirements.txt is missing; run `invoke lock`",
        "requirements-dev.txt is missing; run `invoke lock`",
    )


def test_a_lock_without_requirements(project: Project) -> None:
    (project.functions / "people" / "requirements.in").unlink()
    _relock_development(project, USERS + MAIL)
    assert _problems(project) == ("functions/people/requirements.txt has no requirements.in; remove it",)


def test_versions_that_differ_as_after_a_merge(project: Project) -> None:
    _relock_development(project, b"users==2.0 " + HASH.encode())
    assert _problems(project) == (
        "functions/letters/requirements.txt: mail==1.0, but requirements-dev.txt has none; run `invoke lock`",
        "functions/letters/requirements.txt: users==1.0, but requirements-dev.txt has 2.0; run `invoke lock`",
        "functions/people/requirements.txt: users==1.0, but requirements-dev.txt has 2.0; run `invoke lock`",
    )


def test_several_versions_that_markers_tell_apart(project: Project) -> None:
    body = f"users==0.9 ; sys_platform == 'win32' {HASH}\nusers==1.0 ; sys_platform != 'win32' {HASH}\n"
    _relock_development(project, body.encode() + MAIL)
    check(project)


def test_line_ends_do_not_matter(project: Project) -> None:
    """A checkout on Windows may have others."""
    for path in [*project.functions.glob("*/requirements.*"), project.requirements]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    check(project)


def test_verify_names_the_file() -> None:
    assert verify([b"users"], render([b"users"], USERS), "x.txt") is None
    assert verify([b"users"], None, "x.txt") == "x.txt is missing; run `invoke lock`"
    assert verify([b"users "], render([b"users"], USERS), "x.txt") == (
        "x.txt is stale or was edited by hand; run `invoke lock`"
    )


def test_functions_without_requirements_can_not_be_locked(project: Project) -> None:
    """Told before anything is resolved or written."""
    with pytest.raises(LockError) as caught:
        lock(project, ["peple", "people", "other"])
    assert caught.value.problems == (
        "functions/other/requirements.in is missing",
        "functions/peple/requirements.in is missing",
    )


def test_a_function_that_needs_nothing_new_leaves_the_development_lock_alone(project: Project) -> None:
    """Else each branch that adds a function would conflict with the others there, and .venv be made anew."""
    folder = project.functions / "another"
    folder.mkdir()
    (folder / "requirements.in").write_bytes(b"people\n")
    (folder / "requirements.txt").write_bytes(render([b"people\n"], USERS))
    check(project)


def test_pins_alone_are_equal_whoever_asked_for_them() -> None:
    one = (
        b"# digest\r\nusers==1.0 \\\r\n    --hash=sha256:0\r\n    # via -r functions/one/requirements.in\r\n"
    )
    other = b"# another\n\nusers==1.0 \\\n    --hash=sha256:0\n    # via mail, -c requirements-dev.txt\n"
    assert without_comments(one) == without_comments(other) == b"users==1.0 \\\n    --hash=sha256:0"
    assert without_comments(b"# none\n") == b""
