"""The journal of asynchronous events: what is not done, whenever the server ends."""

from pathlib import Path

import pytest

from tests.unit.small_files import no_file_larger_than
from toolchain.local.workers.journal import Accepted, Journal
from toolchain.local.workers.request import Call


def event(number: int, size: int = 0) -> Accepted:
    call = Call("users", b"{}" + b" " * size, "live", b'{"a": 1}', "Root=1-2-3")
    return Accepted(str(number), "arn:aws:lambda:eu-west-1:123456789012:function:users:live", call)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "local" / "events.jsonl"


def test_what_is_not_done_is_there_again(path: Path) -> None:
    """In its order, and whole; also when the server was killed, and closed nothing."""
    journal = Journal(path)
    for number in range(4):
        journal.accept(event(number))
    journal.finish("1")
    journal.finish("nobody's")
    again = Journal(path)
    assert again.pending() == [event(0), event(2), event(3)]
    again.finish("0")
    again.accept(event(5))
    again.close()
    assert Journal(path).pending() == [event(2), event(3), event(5)]
    journal.close()


def test_nobody_else_reads_it(path: Path) -> None:
    """Events may hold secrets."""
    journal = Journal(path)
    journal.accept(event(0))
    assert path.stat().st_mode & 0o077 == 0
    journal.close()


@pytest.mark.parametrize("damage", [b'{"id": "9", "arn"', b"\xff\xfe", b"[]", b"7", b"{}"])
def test_a_line_that_was_cut_short(path: Path, damage: bytes) -> None:
    journal = Journal(path)
    journal.accept(event(0))
    journal.close()
    path.write_bytes(path.read_bytes() + damage)
    again = Journal(path)
    assert again.pending() == [event(0)]
    again.accept(event(1))
    again.close()
    assert Journal(path).pending() == [event(0), event(1)]


def test_a_full_disk_leaves_the_journal_as_it_was(path: Path) -> None:
    """And nothing beside it, where nobody would look for secrets."""
    journal = Journal(path)
    journal.accept(event(0))
    journal.close()
    again = Journal(path)
    with no_file_larger_than(1000), pytest.raises(OSError, match="File too large"):
        again.accept(event(1, size=10_000))
    assert list(path.parent.iterdir()) == [path]
    assert Journal(path).pending() == [event(0)]


def test_an_event_without_room_is_not_remembered(path: Path) -> None:
    """Its sender is told so. What comes after it is whole."""
    journal = Journal(path)
    journal.accept(event(0))
    with no_file_larger_than(1000), pytest.raises(OSError, match="No space left on device"):
        journal.accept(event(1, size=10_000))
    assert journal.pending() == [event(0)]
    journal.accept(event(2))
    journal.close()
    assert Journal(path).pending() == [event(0), event(2)]


def test_it_does_not_grow(path: Path) -> None:
    journal = Journal(path)
    for number in range(100):
        journal.accept(event(number, size=50_000))
        journal.finish(str(number))
    assert path.stat().st_size < 2 << 20
    journal.close()


def test_it_does_not_grow_while_an_event_is_pending(path: Path) -> None:
    journal = Journal(path)
    journal.accept(event(-1))
    for number in range(100):
        journal.accept(event(number, size=50_000))
        journal.finish(str(number))
    assert path.stat().st_size < 2 << 20
    journal.close()
    assert Journal(path).pending() == [event(-1)]
