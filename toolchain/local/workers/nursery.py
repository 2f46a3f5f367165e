"""The server's end of the nursery: start and end processes, hear how they ended."""

import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from toolchain.local.invocation import ServiceError
from toolchain.local.workers.child.instance import Task
from toolchain.local.workers.child.starting import PYTHON

CAN_FORK = sys.platform == "linux"
_MAIN = Path(__file__).parent / "child" / "__main__.py"
_STOP_SECONDS = 10


class Listener(Protocol):
    """Hears what becomes of a process."""

    def started(self, pid: int) -> None: ...
    def exited(self, status: int, peak_kb: int) -> None: ...


class Nursery:
    """Starts its process when it is first needed, and again after that was killed."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, fork: bool = CAN_FORK) -> None:
        self._loop = loop
        self._fork = fork
        self._numbers = itertools.count(1)
        self._listeners: dict[int, Listener] = {}
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._text = b""

    def warm_up(self) -> None:
        """Start the nursery's own process now rather than with the first function."""
        if self._control is None:
            self._start()

    def launch(self, task: Task, messages: int, log: int, listener: Listener) -> int:
        """Start a process that has the two descriptors; its number is for `kill`.

        Raises ServiceError when no process can be started at all.
        """
        number = next(self._numbers)
        message = json.dumps({"start": number, "task": task}).encode() + b"\n"
        for _ in range(2):
            control = self._control or self._start()
            try:
                socket.send_fds(control, [message[:1]], [messages, log])
                control.sendall(message[1:])
            except (BrokenPipeError, ConnectionResetError):
                self._lose()
            else:
                self._listeners[number] = listener
                return number
        raise ServiceError("the process that starts functions ends at once; its reason is above")

    def kill(self, number: int) -> None:
        """End a process with all that it started, if it is there; its listener hears of it."""
        if number in self._listeners and self._control:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._control.sendall(json.dumps({"kill": number}).encode() + b"\n")

    async def close(self) -> None:
        """End all processes, and wait until they are gone."""
        if self._control and self._process:
            self._forget_connection()
            await asyncio.to_thread(_end, self._process)

    def _start(self) -> socket.socket:
        """Not in our process group: Ctrl-C is for the server, which ends the functions in order."""
        control, theirs = socket.socketpair()
        options = json.dumps({"control": theirs.fileno(), "fork": self._fork})
        with theirs:
            self._process = subprocess.Popen(
                [*PYTHON, _MAIN, options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env={"PATH": os.defpath, "LANG": "en_US.UTF-8", "TZ": ":UTC"},
            )
        self._control = control
        self._loop.add_reader(control, self._read)
        return control

    def _read(self) -> None:
        """Blocking, as a launch must not be cut short; so only when there is something."""
        try:
            data = self._control.recv(1 << 16, socket.MSG_DONTWAIT) if self._control else b""
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        if not data:
            self._lose()
            return
        *lines, self._text = (self._text + data).split(b"\n")
        for line in lines:
            self._hear(json.loads(line))

    def _hear(self, message: Mapping[str, Any]) -> None:
        if "started" in message:
            self._listeners[message["started"]].started(message["pid"])
        else:
            self._listeners.pop(message["exited"]).exited(message["status"], message["peak_kb"])

    def _lose(self) -> None:
        """The nursery was killed, and all instances with it."""
        self._forget_connection()
        if self._process:
            self._process.wait()
        lost, self._listeners = self._listeners, {}
        for listener in lost.values():
            listener.exited(-signal.SIGKILL, 0)

    def _forget_connection(self) -> None:
        if self._control:
            self._loop.remove_reader(self._control)
            self._control.close()
            self._control = None
            self._text = b""


def _end(process: subprocess.Popen[bytes]) -> None:
    """It ends by itself, as its connection is closed."""
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
