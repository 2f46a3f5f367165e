"""One process of a function, as the server sees it: starting, waiting, at a request, or done with."""

import os
import select
import socket
from collections.abc import Callable
from typing import Protocol

from toolchain.local.workers.channel import Channel
from toolchain.local.workers.child.frames import Kind
from toolchain.local.workers.child.instance import Task
from toolchain.local.workers.machine import Machine
from toolchain.local.workers.output import Output
from toolchain.local.workers.request import Request

_LOG_BYTES = 1 << 16
"""What a pipe holds: all that a function has printed by the time it answers."""
_EXIT_SECONDS = 1.0


class Owner(Protocol):
    """The pool that an instance belongs to."""

    def is_ready(self, instance: "Instance", peak_kb: int) -> None: ...
    def answered(self, instance: "Instance", kind: int, peak_kb: int, body: bytes) -> None: ...
    def missed(self, instance: "Instance") -> None:
        """It ended without having read the request that it was sent."""

    def exited(self, instance: "Instance", status: int, peak_kb: int) -> None: ...
    def look_at_memory(self, instance: "Instance") -> None: ...


class Instance:
    """Owns the connection and the log pipe of one process.

    `generation` tells what source it has; `init_ms` how long it took to start, until that is reported;
    `released_at` since when it waits for a request.
    """

    def __init__(self, machine: Machine, owner: Owner, output: Output, generation: tuple[int, ...]) -> None:
        self._machine = machine
        self._owner = owner
        self._started_at = machine.ticks()
        self.output = output
        self.generation = generation
        self.request: Request | None = None
        self.init_ms: float | None = None
        self.released_at = 0.0
        self.is_up = False
        self.pid = 0

    def launch(self, task: Task) -> None:
        ours, theirs = socket.socketpair()
        self._log, log = os.pipe()
        os.set_blocking(self._log, False)
        self._printed = select.poll()
        self._printed.register(self._log, select.POLLIN)
        with theirs:
            self._number = self._machine.nursery.launch(task, theirs.fileno(), log, self)
        os.close(log)
        self._channel = Channel(self._machine.loop, ours, self._frame, self._ended)
        self._machine.loop.add_reader(self._log, self._read_log)

    def send(self, request: Request, deadline_ms: int) -> None:
        self.request = request
        self._started_at = self._machine.ticks()
        self._channel.send(request.head(deadline_ms), request.call.payload or b"{}")

    def limit(self, seconds: float, then: Callable[["Instance"], None]) -> None:
        """Call `then` if `unlimit` is not called in time."""
        self._machine.deadlines.set(self, seconds, then)

    def unlimit(self) -> None:
        self._machine.deadlines.lift(self)

    def elapsed_ms(self) -> float:
        """Since it was launched, or was sent its request."""
        return (self._machine.ticks() - self._started_at) * 1000

    def kill(self) -> None:
        self.unlimit()
        self._machine.nursery.kill(self._number)

    def drain(self) -> None:
        """Take what has been printed so far: nothing, as a rule, which `poll` finds out fastest."""
        if self._log >= 0 and self._printed.poll(0):
            self._read_log()

    def look_at_memory(self) -> None:
        self._owner.look_at_memory(self)

    def started(self, pid: int) -> None:
        self.pid = pid

    def exited(self, status: int, peak_kb: int) -> None:
        """The process is gone, though one that it forked may hold its descriptors."""
        self.unlimit()
        self.drain()
        self._channel.finish()
        self._close_log()
        self._owner.exited(self, status, peak_kb)

    def _frame(self, kind: int, peak_kb: int, body: bytes) -> None:
        self.unlimit()
        if kind == Kind.READY:
            self.is_up = True
            self.init_ms = self.elapsed_ms()
            self._owner.is_ready(self, peak_kb)
        else:
            self._owner.answered(self, kind, peak_kb, body)

    def _ended(self, unread: bool) -> None:  # noqa: FBT001 - the type of a callback
        """The connection, that is; a process that goes on without is no more use."""
        self._machine.loop.call_later(_EXIT_SECONDS, self.kill)
        if unread and self.request:
            self._owner.missed(self)

    def _read_log(self) -> None:
        try:
            data = os.read(self._log, _LOG_BYTES) if self._log >= 0 else b""
        except BlockingIOError:
            return
        if data:
            self.output.add(data)
        else:
            self._close_log()

    def _close_log(self) -> None:
        if self._log >= 0:
            self._machine.loop.remove_reader(self._log)
            os.close(self._log)
            self._log = -1
