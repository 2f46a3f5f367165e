"""Requests to end, and where Python would lose one."""

import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from toolchain.signals import deferred, undisturbed, unwinding

_LONG_SECONDS = 10


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.usefixtures("interrupt_counts", "hangup_counts")
def test_request_ends_the_block(number: signal.Signals) -> None:
    with pytest.raises(SystemExit) as ended, unwinding(debug=False):
        _ask_and_wait(number)
    assert ended.value.code == 128 + number


def test_request_that_is_dropped_is_repeated() -> None:
    """A generator that is destroyed drops exceptions, so that whoever destroyed it would go on."""
    seen: list[str] = []
    with pytest.raises(SystemExit) as ended, unwinding(debug=False):
        _destroy(_asks_when_destroyed(), seen)
    assert seen == ["destroyed"]
    assert ended.value.code == 128 + signal.SIGTERM


def test_what_else_is_dropped_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped: list[BaseException | None] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda found: dropped.append(found.exc_value))
    with unwinding(debug=False):
        generator = _fails_when_destroyed()
        next(generator)
        del generator
    assert [str(error) for error in dropped] == ["broken"]


def test_deferred_request_ends_what_comes_after_the_block() -> None:
    seen: list[str] = []
    with pytest.raises(SystemExit) as ended:
        _ask_deferred(seen)
    assert seen == ["over"]
    assert ended.value.code == 128 + signal.SIGTERM


def test_undisturbed_block_is_not_ended() -> None:
    with undisturbed():
        _ask(signal.SIGTERM)


def _ask(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def _ask_and_wait(number: signal.Signals) -> None:
    _ask(number)
    time.sleep(_LONG_SECONDS)


def _ask_deferred(seen: list[str]) -> None:
    with deferred():
        _ask(signal.SIGTERM)
        seen.append("over")


def _destroy(generator: Iterator[None], seen: list[str]) -> None:
    """Begin a generator and drop the last reference to it, which is the caller's argument."""
    next(generator)
    del generator
    seen.append("destroyed")
    time.sleep(_LONG_SECONDS)


def _asks_when_destroyed() -> Iterator[None]:
    try:
        yield
    finally:
        _ask_and_wait(signal.SIGTERM)


def _fails_when_destroyed() -> Iterator[None]:
    try:
        yield
    finally:
        raise ValueError("broken")
