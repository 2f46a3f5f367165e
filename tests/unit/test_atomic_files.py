"""Files that appear whole, whoever reads, writes, fails or is killed meanwhile."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.unit.small_files import no_file_larger_than
from toolchain.atomic_files import create_file, remove_partials, replace_file, replacing

_WRITERS = 4
_LARGE = 1 << 18


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """One that is there; its directory holds nothing else."""
    path = tmp_path / "file"
    path.write_text("old")
    return path


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def _found(path: Path) -> dict[str, str]:
    return {each.name: each.read_text(encoding="utf-8") for each in path.parent.iterdir()}


@pytest.mark.parametrize("content", ["", "n\u00e9w\n", "n\u00e9w\n".encode()])
def test_content_takes_the_old_ones_place(file: Path, content: str | bytes) -> None:
    """Text and bytes as they are: no line end is changed."""
    replace_file(file, content)
    assert file.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert len(_found(file)) == 1


def test_a_file_that_was_not_there(tmp_path: Path) -> None:
    replace_file(tmp_path / "file", "new")
    assert _found(tmp_path / "file") == {"file": "new"}


@pytest.mark.usefixtures("usual_umask")
@pytest.mark.parametrize(("mode", "expected"), [(0o666, 0o644), (0o600, 0o600)])
def test_the_mode_is_the_new_files(file: Path, mode: int, expected: int) -> None:
    """What the old one's was does not matter: a secret does not stay readable."""
    file.chmod(0o664)
    replace_file(file, "new", mode=mode)
    assert stat.S_IMODE(file.stat().st_mode) == expected


def test_readers_keep_the_old_file_until_the_new_one_is_whole(file: Path) -> None:
    with replacing(file) as partial:
        partial.write_text("new")
        assert file.read_text() == "old"
    assert _found(file) == {"file": "new"}


def test_a_disk_that_takes_half(file: Path) -> None:
    with no_file_larger_than(4096), pytest.raises(OSError, match="File too large"):
        replace_file(file, "x" * 5000)
    assert _found(file) == {"file": "old"}


def test_a_block_that_fails_half_way(file: Path) -> None:
    def fail(partial: Path) -> None:
        partial.write_text("half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), replacing(file) as partial:
        fail(partial)
    assert _found(file) == {"file": "old"}


def test_a_directory_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_file(tmp_path / "file", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


class _FailingDisk:
    """Takes all bytes, and then can't keep them; notes what is in the directory at that moment."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.modes: dict[str, int] = {}

    def fsync(self, _: int) -> None:
        found = sorted(self.directory.iterdir())
        self.modes = {path.name.partition("-")[0]: stat.S_IMODE(path.stat().st_mode) for path in found}
        raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize("write", [replace_file, create_file])
def test_durable_bytes_are_on_disk_before_the_name_is_theirs(
    tmp_path: Path, write: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not read the file may not read it meanwhile, either."""
    disk = _FailingDisk(tmp_path)
    monkeypatch.setattr(os, "fsync", disk.fsync)
    with pytest.raises(OSError, match="Input/output error"):
        write(tmp_path / "key", "new", mode=0o600, is_durable=True)
    assert disk.modes == {".partial": 0o600}
    assert list(tmp_path.iterdir()) == []


def test_other_files_do_not_wait_for_the_disk(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _FailingDisk(file.parent).fsync)
    replace_file(file, "new")
    assert _found(file) == {"file": "new"}


def test_writers_at_once_leave_one_whole_file(file: Path) -> None:
    """And whoever reads meanwhile finds one that was whole: it has one letter, and all of it."""
    file.write_text("a" * _LARGE)

    def write(letter: str) -> None:
        for _ in range(20):
            replace_file(file, letter * _LARGE)

    with ThreadPoolExecutor() as threads:
        writing = [threads.submit(write, letter) for letter in "abcd"[:_WRITERS]]
        while not all(each.done() for each in writing):
            _check_whole(file)
    for each in writing:
        each.result()
    _check_whole(file)
    assert len(_found(file)) == 1


def _check_whole(file: Path) -> None:
    content = file.read_text()
    assert (len(content), len(set(content))) == (_LARGE, 1)


def test_the_first_of_several_creators_wins(tmp_path: Path) -> None:
    file = tmp_path / "file"
    with ThreadPoolExecutor() as threads:
        letters = list("abcdefgh")
        created = list(threads.map(lambda letter: create_file(file, letter * 10, mode=0o600), letters))
    assert created.count(True) == 1
    assert _found(file) == {"file": letters[created.index(True)] * 10}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_created(file: Path) -> None:
    assert not create_file(file, "new")
    assert _found(file) == {"file": "old"}


def test_what_killed_writers_left_is_removed(file: Path) -> None:
    """Only that: not the files, nor others whose names begin with a dot."""
    with replacing(file) as killed:
        killed.write_text("half")
        (file.parent / ".state").touch()
        remove_partials(file.parent)
        assert sorted(path.name for path in file.parent.iterdir()) == [".state", "file"]
        killed.write_text("new")


def test_nothing_to_remove_where_there_is_no_directory(tmp_path: Path) -> None:
    remove_partials(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []
