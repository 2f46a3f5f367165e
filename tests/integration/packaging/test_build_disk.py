"""Disks that are full or can't be written: real file systems, mounted for the test."""

import contextlib
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.checkouts import Checkout, admit, run_task
from tests.packaging.wheels import make_wheel

KB = 1024


@contextlib.contextmanager
def _tmpfs(path: Path, size: int) -> Iterator[None]:
    path.mkdir(parents=True, exist_ok=True)
    mounted = _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path))
    if mounted.returncode != 0:
        pytest.skip(f"needs the right to mount a file system: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def _mount(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        return subprocess.CompletedProcess(arguments, 1, "", str(error))


def _noise(size: int) -> bytes:
    return random.Random(0).randbytes(size)  # noqa: S311 - only meant to be incompressible


def test_no_room_for_a_package(clone: Checkout) -> None:
    """The old one stays, no part of the new one; with room again, it is built."""
    clone.function("letters")
    clone.function("people")
    with _tmpfs(clone.project.dist, 400 * KB):
        assert run_task(clone, "build")[0] == 0
        before = clone.dist()
        clone.write("functions/people/noise.bin", _noise(500 * KB))
        failed = run_task(clone, "build")
        assert failed[0::2] == (1, "dist/people.zip can't be written: No space left on device\n")
        assert clone.dist() == before
        assert sorted(path.name for path in clone.project.dist.glob(".*")) == [".lock", ".state.json"]
        clone.write("functions/people/noise.bin", _noise(100 * KB))
        assert run_task(clone, "build")[0] == 0
        assert clone.dist()["people.zip"] != before["people.zip"]


def test_no_room_in_the_cache(clone: Checkout, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "large", {"large.bin": _noise(300 * KB)})
    with _tmpfs(clone.cache, 500 * KB):
        clone.function("people", wheels=[admit(clone, wheel)])
        failed = run_task(clone, "build")
        assert failed == (
            1,
            "",
            f"the cache in {clone.cache}/parts can't be written: No space left on device\n",
        )
        assert not list(clone.cache.rglob(".*")), "no partial file"
        assert not list(clone.project.dist.glob("[!.]*"))


def test_a_dist_that_is_read_only(clone: Checkout) -> None:
    clone.function("people")
    with _tmpfs(clone.project.dist, 1000 * KB):
        assert run_task(clone, "build")[0] == 0
        before = clone.dist()
        assert _mount("-o", "remount,ro", str(clone.project.dist)).returncode == 0
        clone.function("people", "def handler(event, context): ...")
        failed = run_task(clone, "build")
        assert failed == (
            1,
            "",
            "dist can't be written: Read-only file system; builds need a writable checkout\n",
        )
        assert clone.dist() == before


def test_a_cache_that_is_read_only(clone: Checkout) -> None:
    """What it has can be used; what it lacks can't be kept."""
    clone.function("people")
    with _tmpfs(clone.cache, 1000 * KB):
        assert run_task(clone, "build")[0] == 0
        assert _mount("-o", "remount,ro", str(clone.cache)).returncode == 0
        assert run_task(clone, "build", "--clean")[0] == 0
        clone.write("lib/greeting.py", "GREETING = 'good morning'\n")
        failed = run_task(clone, "build")
        assert failed == (
            1,
            "",
            f"the cache in {clone.cache}/parts can't be written: Read-only file system\n",
        )


def test_a_lock_that_can_not_be_written(clone: Checkout) -> None:
    folder = clone.project.functions / "people"
    with _tmpfs(folder, 100 * KB):
        clone.write("functions/people/requirements.in", "")
        assert _mount("-o", "remount,ro", str(folder)).returncode == 0
        failed = run_task(clone, "lock")
        assert failed == (
            1,
            "",
            "functions/people/requirements.txt can't be written: Read-only file system\n",
        )
