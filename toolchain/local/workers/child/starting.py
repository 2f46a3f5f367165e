"""Two ways to start a process: fork the nursery, or a new Python where forking is not safe."""

import ctypes
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from toolchain.local.workers.child import trace
from toolchain.local.workers.child.instance import Task

PYTHON = (sys.executable, "-I", "-S", "-X", "utf8")
"""None of the shell's PYTHON* variables, of the user's or .venv's site-packages."""

_PR_SET_PDEATHSIG = 1


class Fork:
    """A copy of the nursery: 6 ms instead of 35, and memory that is shared until it is written."""

    def __init__(self) -> None:
        self._parent = os.getpid()
        self._libc = ctypes.CDLL(None) if sys.platform == "linux" else None
        if self._libc:
            trace.reuse_memory(self._libc)

    def __call__(self, task: Task, messages: int, log: int) -> int:
        del task
        pid = os.fork()
        if not pid:
            self._die_with_parent()
            _detach(messages, log)
        return pid

    def _die_with_parent(self) -> None:
        """Also when the nursery is killed, and this process is busy. It may be dead by now."""
        if self._libc:
            self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self._parent:
            os._exit(0)


class Spawn:
    """A new Python; slower, but macOS's own libraries do not survive a fork."""

    def __init__(self) -> None:
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def __call__(self, task: Task, messages: int, log: int) -> int:
        options = json.dumps({"task": task, "messages": messages})
        process = subprocess.Popen(
            [*PYTHON, Path(__file__).with_name("__main__.py"), options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[messages],
            start_new_session=True,
            env=task["environment"],
            cwd=task["task_root"],
        )
        process.returncode = 0  # the nursery waits for it; Popen must not
        return process.pid


def _detach(messages: int, log: int) -> None:
    """Out of the nursery: a session of its own, and the log instead of its streams."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDONLY)
    for descriptor, standard in ((null, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, standard)
    os.close(null)
    os.close(log)
    os.set_inheritable(messages, False)  # noqa: FBT003
