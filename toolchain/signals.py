"""Ends a run in order when the user or the system asks for it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def unwinding(*, debug: bool) -> Iterator[None]:
    """Turn requests to end into SystemExit, so that what the block started is stopped on the way out.

    The status is a shell's: 130 for SIGINT. With `debug`, SIGINT is left to the debugger, which has it too.
    """
    requests = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
        requests.append(signal.SIGHUP)
    previous = {number: signal.signal(number, _exit) for number in requests}
    if debug:
        signal.signal(signal.SIGINT, _ignore)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def deferred() -> Iterator[None]:
    """Let the block run to its end before a request to end that came meanwhile raises SystemExit."""
    requested: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        requested.append(number)

    requests = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = {number: signal.signal(number, note) for number in requests}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    if requested:
        raise SystemExit(128 + requested[0])


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let the block run to its end: requests to end are ignored: it already does what they ask for."""
    requests = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = {number: signal.signal(number, _ignore) for number in requests}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _exit(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _ignore(number: int, frame: FrameType | None) -> None:
    """Not SIG_IGN: a process that is started would inherit that."""
