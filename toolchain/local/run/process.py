"""The process of a function, seen from outside: start it, talk to it, end it with all that it started."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from toolchain.local.run.child import memory

_CHILD = Path(__file__).parent / "child" / "__main__.py"
# -I -S: none of the shell's PYTHON* variables, of the user's or .venv's site-packages. -u: logs in order.
_PYTHON = (sys.executable, "-I", "-S", "-u", "-X", "utf8")
_STDERR = 2
_LIVENESS_CHECK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Setup:
    """What a function's process starts with; `visible` is as in child.imports.install."""

    task_root: Path
    environment: Mapping[str, str]
    visible: Mapping[str, Sequence[str]]
    dependencies: Path | None
    debug: bool = False


class ProcessEndedError(Exception):
    """The function's process ended instead of answering; `status` is as in subprocess.Popen.returncode."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class FunctionProcess:
    """Runs child/__main__.py; a context manager that leaves no process behind.

    Its stdout is our stderr, as our stdout is for the result alone, and it has no stdin. With `debug` it has
    ours, and is in our process group: one that is not in the foreground can't read from the terminal.
    """

    def __init__(self, setup: Setup) -> None:
        self._socket, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        debug = setup.debug
        descriptors = {"messages": theirs.fileno(), "lifeline": None if debug else lifeline}
        self._has_own_group = not debug
        self._received = bytearray()
        try:
            self._process = subprocess.Popen(
                [*_PYTHON, _CHILD, json.dumps(_imports(setup) | descriptors)],
                stdin=None if debug else subprocess.DEVNULL,
                stdout=None if debug and not os.isatty(_STDERR) else _STDERR,
                env=setup.environment,
                cwd=setup.task_root,
                pass_fds=(theirs.fileno(), lifeline),
                process_group=None if debug else 0,
            )
        finally:
            theirs.close()
            os.close(lifeline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """SIGKILL, as a process that answered is of no more use, and one that did not may never end."""
        with suppress(ProcessLookupError, PermissionError):  # macOS: PermissionError for a dead group
            if self._has_own_group:
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        os.close(self._lifeline)
        self._socket.close()

    def send(self, message: Mapping[str, Any]) -> None:
        """A process that has ended meanwhile is noticed by `receive`."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self, timeout_seconds: float | None) -> dict[str, Any]:
        """The next message; raises TimeoutError, or ProcessEndedError."""
        deadline = time.monotonic() + timeout_seconds if timeout_seconds is not None else float("inf")
        while not self._received.endswith(b"\n"):
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            self._read(min(remaining, _LIVENESS_CHECK_SECONDS))
        message: dict[str, Any] = json.loads(self._received)
        self._received.clear()
        return message

    def peak_memory_mb(self) -> int | None:
        return memory.peak_mb(self._process.pid)

    def _read(self, timeout_seconds: float) -> None:
        """The end of the process counts, not that of the stream, which a process it forked may keep open."""
        readable, _, _ = select.select([self._socket], [], [], timeout_seconds)
        data = self._socket.recv(1 << 20) if readable else b""
        if data:
            self._received += data
            return
        with suppress(subprocess.TimeoutExpired):
            raise ProcessEndedError(self._process.wait(timeout_seconds if readable else 0))


def _imports(setup: Setup) -> dict[str, Any]:
    return {
        "visible": setup.visible,
        "dependencies": str(setup.dependencies) if setup.dependencies else None,
        "runtime": sysconfig.get_path("purelib"),
    }
