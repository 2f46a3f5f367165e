"""Builds that are killed, and builds that meet each other: real processes, real signals."""

import random
import shutil
import time
from pathlib import Path

import pytest

from tests.packaging.checkouts import HANDLER, Checkout, admit, run_task, start_task
from tests.packaging.wheels import make_wheel
from toolchain.project import Project

KILLS = 15
FUNCTIONS = ("letters", "people", "visits")
PATIENCE_SECONDS = 30


@pytest.fixture
def busy(clone: Checkout, tmp_path: Path) -> Checkout:
    """A checkout whose builds have something to do: three wheels to compile, three packages to write."""
    source = "".join(f"def f{number}(x):\n    return [x + {number} for _ in x]\n\n" for number in range(200))
    wheels = []
    for name in ("mail", "places", "users"):
        modules = {f"{name}/m{number}.py": source for number in range(6)}
        files = {f"{name}/__init__.py": f"from {name} import m1", **modules}
        wheels.append(admit(clone, make_wheel(tmp_path, name, files)))
    for name in FUNCTIONS:
        clone.function(name, "import mail, places, users\n" + HANDLER, wheels=wheels)
    return clone


def _revise(checkout: Checkout, revision: int) -> None:
    checkout.write("lib/greeting.py", f"GREETING = 'hello {revision}'\n")


def _build(checkout: Checkout) -> dict[str, bytes]:
    code, _, errors = run_task(checkout, "build")
    assert (code, errors) == (0, "")
    return checkout.dist()


def test_a_build_that_is_killed_leaves_whole_packages(busy: Checkout) -> None:
    """Whenever it is killed: a package is of one revision or the other, and the next build makes it right."""
    _revise(busy, 0)
    started = time.monotonic()
    first = _build(busy)
    duration = time.monotonic() - started
    _revise(busy, 1)
    second = _build(busy)
    chance = random.Random(20)  # noqa: S311 - moments, not secrets
    for kill in range(KILLS):
        _revise(busy, kill % 2)
        if kill % 4 < 2:
            shutil.rmtree(busy.cache / "parts", ignore_errors=True)
        with start_task(busy, "build") as task:
            time.sleep(chance.uniform(0.1, 1.1) * duration)
            task.kill()
        for path in busy.project.dist.glob("[!.]*.zip"):
            assert path.read_bytes() in {first[path.name], second[path.name]}
    for revision, expected in enumerate((first, second)):
        _revise(busy, revision)
        assert _build(busy) == expected
    assert not list(busy.project.dist.glob(".partial-*"))


def test_workers_end_with_their_build(busy: Checkout) -> None:
    """They share its lock: one that stayed would have every later build wait for ever."""
    with start_task(busy, "build") as task:
        workers = _wait_for_children(task.pid)
        task.kill()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while remaining := [pid for pid in workers if _is_running(pid)]:
        assert time.monotonic() < deadline, f"still there: {remaining}"
        time.sleep(0.01)
    _build(busy)


def _wait_for_children(pid: int) -> list[str]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        pytest.skip("needs Linux's /proc with the children of processes")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := children.read_text().split()):
        assert time.monotonic() < deadline
    return found


def _is_running(pid: str) -> bool:
    """A zombie, which nobody has buried yet, holds nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_builds_at_the_same_time(busy: Checkout) -> None:
    """They wait for each other: each succeeds, the later ones find everything done."""
    tasks = [start_task(busy, "build") for _ in range(3)]
    results = [(*task.communicate(timeout=PATIENCE_SECONDS), task.returncode) for task in tasks]
    assert [(errors, code) for _, errors, code in results] == [("", 0)] * 3
    statuses = sorted(line.split()[1] for output, *_ in results for line in output.splitlines())
    assert statuses == ["built"] * 3 + ["reused"] * 6
    at_once = busy.dist()
    shutil.rmtree(busy.cache / "parts")
    shutil.rmtree(busy.project.dist)
    assert _build(busy) == at_once


def test_clean_builds_at_the_same_time(busy: Checkout) -> None:
    """Neither removes what the other one is writing."""
    tasks = [start_task(busy, "build", "--clean") for _ in range(3)]
    results = [(*task.communicate(timeout=PATIENCE_SECONDS), task.returncode) for task in tasks]
    assert [(errors, code) for _, errors, code in results] == [("", 0)] * 3
    assert list(busy.dist()) == ["functions.json", "letters.zip", "people.zip", "visits.zip"]


def test_checkouts_that_fill_one_cache_at_the_same_time(busy: Checkout, tmp_path: Path) -> None:
    other = Checkout(Project(tmp_path / "other"), busy.cache)
    shutil.copytree(busy.project.root, other.project.root)
    tasks = [start_task(checkout, "build") for checkout in (busy, other)]
    results = [(*task.communicate(timeout=PATIENCE_SECONDS), task.returncode) for task in tasks]
    assert [(errors, code) for _, errors, code in results] == [("", 0)] * 2
    assert busy.dist() == other.dist()
    assert not list(busy.cache.rglob(".*")), "nothing half-written is left"
