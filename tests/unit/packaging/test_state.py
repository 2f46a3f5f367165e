"""What a build leaves in dist/, and who may write there."""

import fcntl
import json
import os
import shutil
import threading
from pathlib import Path

import pytest

from toolchain.errors import BuildError
from toolchain.packaging.state import Built, empty, exclusive, read_state, write_state, write_text

BUILT = Built("fingerprint", "arm64", "sha256", 7, 70, 1)


def test_state_comes_back_as_it_was_written(tmp_path: Path) -> None:
    state = {"x": BUILT}
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"format": 1, "built": {}}',
        b'{"format": 3, "built": {"x": {"sha256": "1"}}}',
        b'{"format": 3, "built": []}',
    ],
)
def test_a_state_that_says_nothing(content: bytes, tmp_path: Path) -> None:
    """Everything is built again, which is always right."""
    (tmp_path / ".state.json").write_bytes(content)
    assert read_state(tmp_path) == {}


def test_no_state(tmp_path: Path) -> None:
    assert read_state(tmp_path) == {}


def test_a_package_is_current_while_its_file_is_untouched(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"content")
    built = Built("", "arm64", "", 7, 70, path.stat().st_mtime_ns)
    assert built.is_at(path)
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert not built.is_at(path)
    path.write_bytes(b"longer content")
    assert not built.is_at(path)
    path.unlink()
    assert not built.is_at(path)


def test_text_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "functions.json").mkdir()
    with pytest.raises(BuildError) as caught:
        write_text(tmp_path / "functions.json", "{}")
    assert str(caught.value) == "dist/functions.json can't be written: Is a directory"
    assert [path.name for path in tmp_path.iterdir()] == ["functions.json"]


def test_dist_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "dist").touch()
    with pytest.raises(BuildError) as caught, exclusive(tmp_path / "dist"):
        pass
    assert str(caught.value) == "dist can't be written: File exists; builds need a writable checkout"


def test_what_a_killed_build_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".partial-x.zip").touch()
    (tmp_path / "x.zip").touch()
    with exclusive(tmp_path):
        assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "x.zip"]


def test_a_second_build_waits_for_the_first(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with exclusive(tmp_path):
            order.append("second")

    with exclusive(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.05)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_the_lock_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), exclusive(tmp_path):
        raise ZeroDivisionError
    with (tmp_path / ".lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_lock_that_was_removed_locks_nobody_out(tmp_path: Path) -> None:
    """`rm -rf dist` while a second build waits: it must hold the lock that a third one will find."""
    dist = tmp_path / "dist"
    dist.mkdir()
    held: list[bool] = []

    def second() -> None:
        with exclusive(dist):
            held.append(_is_locked(dist / ".lock"))

    with exclusive(dist):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.05)
        shutil.rmtree(dist)
    waiting.join()
    assert held == [True]


def _is_locked(path: Path) -> bool:
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_empty_removes_all_but_the_lock(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "directory" / "x").touch()
    (tmp_path / "elsewhere").symlink_to("/")
    for name in ("x.zip", "functions.json", ".state.json", ".lock"):
        (tmp_path / name).touch()
    empty(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_the_state_is_plain_json(tmp_path: Path) -> None:
    write_state(tmp_path, {"x": BUILT})
    assert json.loads((tmp_path / ".state.json").read_bytes()) == {
        "format": 3,
        "built": {
            "x": {
                "fingerprint": "fingerprint",
                "architecture": "arm64",
                "sha256": "sha256",
                "zip_bytes": 7,
                "unzipped_bytes": 70,
                "mtime_ns": 1,
            }
        },
    }
