"""Ends a run in order when the user or the system asks for it."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

type Handler = Callable[[int, FrameType | None], None]

_AGAIN_SECONDS = 0.01
_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def handling(handlers: Mapping[signal.Signals, Handler]) -> Iterator[None]:
    """Have signals handled so in the block, and as before after it."""
    previous = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def ignore(number: int, frame: FrameType | None) -> None:
    """Handle a signal by doing nothing. Not SIG_IGN: a process that is started would inherit that."""


def requests_to_end() -> tuple[signal.Signals, ...]:
    """The signals that ask this process to end: not the terminal's end, if that is ignored (nohup)."""
    ignored = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    return tuple(number for number in _REQUESTS if not (ignored and number == signal.SIGHUP))


@contextmanager
def unwinding(*, debug: bool) -> Iterator[None]:
    """Turn requests to end into SystemExit, so that what the block started is stopped on the way out.

    The status is a shell's: 130 for SIGINT. With `debug`, SIGINT is left to the debugger, which has it too.
    """
    handlers: dict[signal.Signals, Handler] = dict.fromkeys(requests_to_end(), _exit)
    if debug:
        handlers[signal.SIGINT] = ignore
    with handling(handlers), insisting():
        yield


class Requested(SystemExit):
    """A request to end, by its signal's number; the status is a shell's."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


@contextmanager
def insisting(forget: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Repeat a request that a handler raised while an object was destroyed, where Python drops exceptions.

    `forget` is called before, so that the handler takes the signal as if it were the first.
    """
    previous = sys.unraisablehook

    def repeat(dropped: "sys.UnraisableHookArgs") -> None:
        if isinstance(dropped.exc_value, Requested):
            forget()
            # Not from here, where it would be dropped once more.
            threading.Timer(_AGAIN_SECONDS, os.kill, (os.getpid(), dropped.exc_value.number)).start()
        else:
            previous(dropped)

    sys.unraisablehook = repeat
    try:
        yield
    finally:
        sys.unraisablehook = previous


@contextmanager
def deferred() -> Iterator[None]:
    """Let the block run to its end before a request to end that came meanwhile raises SystemExit."""
    requested: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        requested.append(number)

    with handling(dict.fromkeys(_REQUESTS, note)):
        yield
    if requested:
        raise Requested(requested[0])


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let the block run to its end: requests to end are ignored: it already does what they ask for."""
    with handling(dict.fromkeys(_REQUESTS, ignore)):
        yield


def _exit(number: int, _: FrameType | None) -> None:
    raise Requested(number)
