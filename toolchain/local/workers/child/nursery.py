"""Starts the processes of functions, ends them, and tells how they ended.

A process of its own, so that what is forked is small, has one thread and no open connections. Messages are
lines of JSON: {"start": id, "task": {...}} with two descriptors (messages, log), {"kill": id}; and back
{"started": id, "pid": ...}, {"exited": id, "status": ..., "peak_kb": ...}, where status is as in
subprocess.Popen.returncode. When the server is gone, so are the processes.
"""

import contextlib
import json
import os
import select
import signal
import socket
from collections.abc import Callable
from typing import Any

from toolchain.local.workers.child.instance import Task
from toolchain.local.workers.child.runtime import peak_kb

type Start = Callable[[Task, int, int], int]
"""Starts a process with a task and two descriptors: its process id, or 0 in the process that is new."""

_MAX_DESCRIPTORS = 64


class Nursery:
    """The parent of all instances."""

    def __init__(self, control: socket.socket, start: Start) -> None:
        self._control = control
        self._start = start
        self._children: dict[int, int] = {}
        self._text = b""
        self._descriptors: list[int] = []
        self._woken, self._waker = os.pipe()

    def serve(self) -> tuple[Task, int] | None:
        """Returns None when the server is gone; in a forked child what it is to become."""
        self._watch_children()
        control = self._control.fileno()
        while True:
            readable, _, _ = select.select([control, self._woken], [], [])
            if self._woken in readable:
                os.read(self._woken, 4096)
                self._reap(os.WNOHANG)
            if control in readable:
                data = self._receive()
                task = self._obey(data)
                if task is not None or not data:
                    return task

    def _watch_children(self) -> None:
        for descriptor in (self._woken, self._waker):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _receive(self) -> bytes:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, _MAX_DESCRIPTORS)
        except ConnectionResetError:
            return b""
        self._descriptors += descriptors
        return data

    def _obey(self, data: bytes) -> tuple[Task, int] | None:
        if not data:
            self._end()
        *lines, self._text = (self._text + data).split(b"\n")
        for line in lines:
            command = json.loads(line)
            if "kill" in command:
                self._kill(command["kill"])
            elif (task := self._launch(command["start"], command["task"])) is not None:
                return task
        return None

    def _launch(self, number: int, task: Task) -> tuple[Task, int] | None:
        messages, log = self._descriptors[:2]
        del self._descriptors[:2]
        pid = self._start(task, messages, log)
        if not pid:
            self._leave()
            return task, messages
        os.close(messages)
        os.close(log)
        self._children[number] = pid
        self._tell({"started": number, "pid": pid})
        return None

    def _leave(self) -> None:
        """In a child: nothing of the nursery stays open, and signals mean what they mean to any program."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._control.close()
        for descriptor in (self._woken, self._waker, *self._descriptors):
            os.close(descriptor)

    def _kill(self, number: int) -> None:
        """With all that it started. A process that has not made its group yet is killed by itself."""
        if number in self._children:
            pid = self._children[number]
            _end_group(pid)
            os.kill(pid, signal.SIGKILL)

    def _reap(self, options: int) -> None:
        """While the process is not waited for, no other can have its id: its group is ended before."""
        for number, pid in list(self._children.items()):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | options):
                _end_group(pid)
                _, status, usage = os.wait4(pid, 0)
                del self._children[number]
                code = os.waitstatus_to_exitcode(status)
                self._tell({"exited": number, "status": code, "peak_kb": peak_kb(usage)})

    def _tell(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._control.sendall(json.dumps(message).encode() + b"\n")

    def _end(self) -> None:
        for number in self._children:
            self._kill(number)
        self._reap(0)


def _end_group(pid: int) -> None:
    """What the process has started; macOS says PermissionError when all of them are dead."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
