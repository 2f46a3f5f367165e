"""Locks on files, which the kernel keeps for whoever has them open."""

import os
from pathlib import Path

from toolchain.file_locks import exclusive, is_held, share, take


def test_one_at_a_time(tmp_path: Path) -> None:
    """The lock is of the open file, so one process can't have it twice, either."""
    path = tmp_path / "lock"
    with exclusive(path), path.open("a") as another:
        assert is_held(path)
        assert not take(another)
    with path.open("a") as another:
        assert not is_held(path)
        assert take(another)
        assert is_held(path)


def test_those_who_share_it_keep_out_who_wants_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("a") as one, path.open("a") as another:
        share(one)
        share(another)
        assert not is_held(path), "by one alone"
        assert not take(one)
        another.close()
        assert take(one)


def test_a_descriptor_will_do(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    assert take(descriptor)
    assert is_held(path)
    os.close(descriptor)
    assert not is_held(path)


def test_nobody_holds_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Nor is it made: whoever asks may not be allowed to write there."""
    assert not is_held(tmp_path / "none" / "lock")
    assert list(tmp_path.iterdir()) == []
