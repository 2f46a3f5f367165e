"""A context that is entered in another thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from toolchain.local.up.meanwhile import Meanwhile


class Door:
    """Says who went through it, and lets nobody in before it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.passed: list[str] = []

    @contextmanager
    def room(self) -> Iterator[str]:
        self.opened.wait(10)
        self.passed.append("in")
        try:
            yield "the room"
        finally:
            self.passed.append("out")


def test_it_is_entered_while_its_maker_goes_on() -> None:
    """Whoever enters then waits for it, and leaves it once."""
    door = Door()
    meanwhile = Meanwhile(door.room())
    assert door.passed == []
    door.opened.set()
    with meanwhile as room:
        assert (room, door.passed) == ("the room", ["in"])
    assert door.passed == ["in", "out"]
    meanwhile.close()
    assert door.passed == ["in", "out"]


def test_it_is_left_where_nobody_has_entered_it() -> None:
    """Its maker was interrupted; the context may be still on its way."""
    door = Door()
    meanwhile = Meanwhile(door.room())
    threading.Timer(0.05, door.opened.set).start()
    meanwhile.close()
    assert door.passed == ["in", "out"]


def test_why_it_could_not_be_entered_is_told_to_whoever_enters() -> None:
    @contextmanager
    def closed() -> Iterator[None]:
        raise LookupError("there is no room")
        yield

    meanwhile = Meanwhile(closed())
    with pytest.raises(LookupError, match="there is no room"):
        meanwhile.__enter__()
    meanwhile.close()
