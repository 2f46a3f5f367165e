"""Files of the cache appear whole or not at all, and damage is noticed."""

import os
from pathlib import Path

import pytest

from toolchain.errors import BuildError
from toolchain.packaging.cache import remove_abandoned, with_checksum, without_checksum, write_cached


def test_a_file_appears_with_its_directory(tmp_path: Path) -> None:
    write_cached(tmp_path / "a" / "b", lambda path: path.write_text("content"))
    assert {path: path.read_text() for path in (tmp_path / "a").iterdir()} == {
        tmp_path / "a" / "b": "content"
    }


def test_the_old_file_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("old")

    def write(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(BuildError) as caught:
        write_cached(tmp_path / "x", write)
    assert str(caught.value) == f"the cache in {tmp_path} can't be written: No space left on device"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"x": "old"}


def test_nothing_is_kept_of_a_file_that_is_refused(tmp_path: Path) -> None:
    def write(path: Path) -> None:
        path.write_text("wrong")
        raise BuildError("wrong hash")

    with pytest.raises(BuildError, match=r"^wrong hash$"):
        write_cached(tmp_path / "x", write)
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BuildError) as caught:
        write_cached(tmp_path / "file" / "a" / "x", lambda path: path.touch())
    assert str(caught.value) == f"the cache in {tmp_path / 'file' / 'a'} can't be written: Not a directory"


@pytest.mark.parametrize("content", [b"", b"content"])
def test_a_checksum_comes_off_again(content: bytes) -> None:
    rest = without_checksum(with_checksum(content))
    assert rest is not None
    assert bytes(rest) == content


@pytest.mark.parametrize("damaged", [b"", b"\0\0\0", b"\0\0\0\0content", with_checksum(b"content")[:-1]])
def test_a_checksum_notices_damage(damaged: bytes) -> None:
    assert without_checksum(damaged) is None


def test_what_killed_builds_left(tmp_path: Path) -> None:
    """What was written within the hour may be a download that goes on; a whole file is nobody's leftover."""
    names = ("a/.partial-x.whl.0123", "b/.partial-y.whl.0123", "b/y.whl", "c/.partial-z.whl.0123")
    for name, age in zip(names, (3601, 3601, 99_999, 3599), strict=True):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
        os.utime(path, (0, 1_000_000 - age))
    remove_abandoned(tmp_path, 1_000_000)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert left == {"b", "b/y.whl", "c", "c/.partial-z.whl.0123"}
