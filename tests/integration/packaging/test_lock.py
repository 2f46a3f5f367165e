"""`invoke lock`: with the real uv, against an index on this machine."""

from pathlib import Path

import pytest

from tests.packaging.checkouts import Checkout, run_task
from tests.packaging.index import Index
from tests.packaging.wheels import make_wheel, sha256
from toolchain.errors import LockError
from toolchain.packaging.lock import check, lock
from toolchain.packaging.requirements import Pin, parse_requirements
from toolchain.project import Project


@pytest.fixture
def project(sample: Checkout) -> Project:
    """A repository whose toolchain needs nothing."""
    sample.write("pyproject.toml", "[dependency-groups]\ndev = []\n")
    return sample.project


def _require(sample: Checkout, name: str, *requirements: str) -> None:
    sample.write(f"functions/{name}/requirements.in", "".join(f"{line}\n" for line in requirements))


def _pins(path: Path) -> tuple[Pin, ...]:
    return parse_requirements(path.read_text(), path.name)


def _versions(path: Path) -> dict[str, str]:
    return {pin.name: pin.version for pin in _pins(path)}


def _problem(project: Project) -> str:
    with pytest.raises(LockError) as caught:
        lock(project)
    return str(caught.value)


def test_locks_are_current_once_they_are_made(
    index: Index, project: Project, sample: Checkout, tmp_path: Path
) -> None:
    """Every function's pins are those of the repository, with the hash of each wheel of the release."""
    mail = index.publish(make_wheel(tmp_path, "lock_mail", {}))
    users = index.publish(make_wheel(tmp_path, "lock_users", {}, requires=["lock-mail>=1"]))
    tools = index.publish(make_wheel(tmp_path, "lock_tools", {}))
    sample.write("pyproject.toml", '[dependency-groups]\ndev = ["lock-tools"]\n')
    _require(sample, "people", "lock-users")
    _require(sample, "letters", "# none yet")
    letters, people = (project.functions / name / "requirements.txt" for name in ("letters", "people"))
    assert lock(project) == [project.requirements, letters, people]
    check(project)
    assert _pins(people) == (
        Pin("lock-mail", "1.0", frozenset({sha256(mail)}), "", ("lock-users", "-c requirements-dev.txt")),
        Pin(
            name="lock-users",
            version="1.0",
            hashes=frozenset({sha256(users)}),
            via=("-c requirements-dev.txt", "-r functions/people/requirements.in"),
        ),
    )
    assert _pins(letters) == ()
    assert {pin.name: set(pin.hashes) for pin in _pins(project.requirements)} == {
        "lock-mail": {sha256(mail)},
        "lock-tools": {sha256(tools)},
        "lock-users": {sha256(users)},
    }
    assert lock(project) == []


def test_no_address_gets_into_a_lock(
    index: Index, project: Project, sample: Checkout, tmp_path: Path
) -> None:
    index.publish(make_wheel(tmp_path, "lock_addressed", {}))
    _require(sample, "people", "lock-addressed")
    lock(project)
    locks = project.requirements.read_text() + (project.functions / "people" / "requirements.txt").read_text()
    assert "://" not in locks
    assert "127.0.0.1" not in locks
    assert str(tmp_path) not in locks


def test_wheels_of_all_platforms_are_listed(
    index: Index, project: Project, sample: Checkout, tmp_path: Path
) -> None:
    """Locks are made on one machine, and used on others."""
    tags = (
        "cp313-cp313-manylinux_2_17_aarch64",
        "cp313-cp313-manylinux_2_17_x86_64",
        "cp313-cp313-win_amd64",
    )
    wheels = [index.publish(make_wheel(tmp_path, "lock_native", {"x": tag}, tag=tag)) for tag in tags]
    _require(sample, "people", "lock-native")
    lock(project)
    [pin] = _pins(project.functions / "people" / "requirements.txt")
    assert pin.hashes == {sha256(wheel) for wheel in wheels}


def test_versions_stay_until_they_are_upgraded(
    index: Index, project: Project, sample: Checkout, tmp_path: Path
) -> None:
    index.publish(make_wheel(tmp_path, "lock_kept", {}))
    _require(sample, "people", "lock-kept")
    lock(project)
    people = project.functions / "people" / "requirements.txt"
    index.publish(make_wheel(tmp_path, "lock_kept", {}, version="2.0"))
    _require(sample, "letters", "lock-kept")
    lock(project)
    assert _versions(people) == {"lock-kept": "1.0"}
    assert lock(project, upgrade=True) == [
        project.requirements,
        project.functions / "letters" / "requirements.txt",
        people,
    ]
    assert _versions(people) == _versions(project.requirements) == {"lock-kept": "2.0"}
    check(project)


def test_one_function_alone(index: Index, project: Project, sample: Checkout, tmp_path: Path) -> None:
    for name in ("lock_one", "lock_two"):
        index.publish(make_wheel(tmp_path, name, {}))
    _require(sample, "letters", "lock-one")
    _require(sample, "people", "lock-two")
    people = project.functions / "people" / "requirements.txt"
    assert lock(project, ["people"]) == [project.requirements, people]
    with pytest.raises(LockError) as caught:
        check(project)
    assert str(caught.value) == "functions/letters/requirements.txt is missing; run `invoke lock`"


def test_a_lock_without_requirements_is_removed(project: Project, sample: Checkout) -> None:
    orphan = sample.write("functions/people/requirements.txt", "")
    assert orphan in lock(project)
    assert not orphan.exists()


def test_locks_with_the_line_ends_of_windows_are_current(
    index: Index, project: Project, sample: Checkout, tmp_path: Path
) -> None:
    index.publish(make_wheel(tmp_path, "lock_windows", {}))
    _require(sample, "people", "lock-windows")
    lock(project)
    for path in [*project.functions.glob("*/requirements.*"), project.requirements]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    check(project)


def test_requirements_that_nobody_can_meet_together(
    index: Index, project: Project, sample: Checkout, tmp_path: Path
) -> None:
    for version in ("1.0", "2.0"):
        index.publish(make_wheel(tmp_path, "lock_torn", {}, version=version))
    _require(sample, "letters", "lock-torn<2")
    _require(sample, "people", "lock-torn>=2")
    assert _problem(project) == (
        "requirements-dev.txt: Because you require lock-torn<2 and lock-torn>=2, we can conclude that your "
        "requirements are unsatisfiable."
    )
    assert not project.requirements.exists()


@pytest.mark.usefixtures("index")
def test_a_distribution_that_is_not_there(project: Project, sample: Checkout) -> None:
    _require(sample, "people", "lock-nowhere")
    assert _problem(project) == (
        "requirements-dev.txt: Because lock-nowhere was not found in the package registry and you require "
        "lock-nowhere, we can conclude that your requirements are unsatisfiable."
    )


def test_a_release_that_was_yanked(index: Index, project: Project, sample: Checkout, tmp_path: Path) -> None:
    index.publish(make_wheel(tmp_path, "lock_yanked", {}), yanked="loses rows")
    _require(sample, "people", "lock-yanked==1.0")
    assert _problem(project) == (
        "requirements-dev.txt: lock-yanked==1.0 was yanked (loses rows); run `invoke lock --upgrade`, or ask "
        "for another version"
    )


def test_the_command(index: Index, clone: Checkout, tmp_path: Path) -> None:
    """It prints what changed; --check changes nothing and fails when something should."""
    index.publish(make_wheel(tmp_path, "lock_command", {}))
    _require(clone, "people", "lock-command")
    missing = ("functions/people/requirements.txt", "requirements-dev.txt")
    messages = "".join(f"{name} is missing; run `invoke lock`\n" for name in missing)
    assert run_task(clone, "lock", "--check") == (1, "", messages)
    assert run_task(clone, "lock") == (0, "requirements-dev.txt\nfunctions/people/requirements.txt\n", "")
    assert run_task(clone, "lock", "--check") == (0, "", "")
    assert run_task(clone, "lock") == (0, "", "")
    assert run_task(clone, "lock", "--function", "peple") == (
        1,
        "",
        "functions/peple/requirements.in is missing\n",
    )
