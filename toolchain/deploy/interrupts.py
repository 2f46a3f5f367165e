"""SIGINT, SIGTERM and SIGHUP during a deploy: Terraform is told once, if at all, and waited for."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from toolchain.signals import Requested, handling, insisting

_PATIENT = (
    "stopping when this apply is done, so that nothing it makes is lost; once more breaks it off: what AWS is"
    " making at that moment may then exist without being in the state"
)
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Ends the run at the first signal, or once Terraform has ended, if Terraform runs.

    At one SIGINT Terraform begins nothing more, saves its state and gives its lock back; but providers break
    off the requests that are under way then, and what AWS makes of such a request is in no state. So an apply
    is left to its end at the first signal, and told at the second. It never gets a second SIGINT, at which it
    would exit at once and lose track of all that it was creating, and no SIGKILL. It runs in a session of its
    own: Ctrl-C in a terminal reaches it only from here.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._received: signal.Signals | None = None
        self._is_starting = self._is_patient = self._is_told = False
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Handle the signals in this block, as before in the end."""
        handled = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]  # nohup
        with handling(dict.fromkeys(handled, self._handle)), insisting(self._forget):
            yield

    @contextmanager
    def process(
        self, start: Callable[[], subprocess.Popen[bytes]], *, makes_things: bool
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start Terraform, in a session of its own; the block is left only when it has ended.

        Raises SystemExit with 128 and the number of a signal that came meanwhile.
        """
        self._is_starting, self._is_patient, self._is_told = True, makes_things, False
        try:
            self._process = start()
            self._is_starting = False
            if self._received:
                self._tell()
            yield self._process
        finally:
            if self._process is not None and self._process.wait() < 0:
                _end_providers(self._process.pid)
            self._is_starting, self._process = False, None
        if self._received:
            self._leave()

    def _handle(self, number: int, _: FrameType | None) -> None:
        is_first, self._received = self._received is None, self._received or signal.Signals(number)
        if self._process is not None:
            if is_first and self._is_patient:
                self._say(_PATIENT)
            else:
                self._tell()
        elif is_first and not self._is_starting:
            self._leave()

    def _tell(self) -> None:
        if self._is_told:
            self._say("still waiting for Terraform: ended now, it would lose track of what it creates")
        elif self._process is not None:
            self._is_told = True
            self._say("stopping: Terraform breaks off what it does and saves its state")
            self._process.send_signal(signal.SIGINT)

    def _forget(self) -> None:
        self._received = None

    def _leave(self) -> None:
        raise Requested(self._received or 0)


def _end_providers(session: int) -> None:
    """Terraform was killed: its providers would wait for it forever."""
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGTERM)
