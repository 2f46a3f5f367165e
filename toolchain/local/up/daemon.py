"""`up` in the background: started, waited for, ended."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from toolchain.errors import LocalCloudError
from toolchain.local.up.record import Record, owner, read_record
from toolchain.local.up.table import TABLE_BEGINS
from toolchain.project import Project

_START_SECONDS = 600  # what functions need may have to be downloaded first
_STOP_SECONDS = 20
_STEP_SECONDS = 0.02


def start(project: Project, arguments: Sequence[str], say: Callable[[str], None]) -> Record:
    """Start `up` in a session of its own, and wait until it serves; `say` gets what it prints until then.

    Raises LocalCloudError when it does not come up: what it printed last says why.
    """
    if owner(project) is not None:
        raise LocalCloudError("it runs already; see `invoke status`, or end it with `invoke down`")
    project.local.mkdir(exist_ok=True)
    log = project.local / "up.log"
    command = [sys.executable, "-m", "toolchain.local.up.main", str(project.root), *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=project.root,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        record = _wait(project, process, log, say)
    except BaseException:  # Ctrl-C, for one: it is not left behind
        _end(process)
        raise
    if record is None:
        _end(process)
        raise LocalCloudError("it did not start; what it printed is above, and in .local/up.log")
    process.returncode = 0  # it goes on without this process, about which Popen would complain
    return record


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)


def _wait(
    project: Project, process: subprocess.Popen[bytes], log: Path, say: Callable[[str], None]
) -> Record | None:
    """What runs, once it does; None for a process that has ended, or takes too long."""
    deadline = time.monotonic() + _START_SECONDS
    with log.open(encoding="utf-8", errors="replace") as printed:
        while time.monotonic() < deadline:
            record = read_record(project)
            has_ended = process.poll() is not None
            if not has_ended:
                _pass_on(printed, say)
            if record and record.pid == process.pid:
                return record
            if has_ended:
                break
            time.sleep(_STEP_SECONDS)
        for line in printed:  # what is left of it, be it after the table
            say(line.rstrip("\n"))
    return None


def _pass_on(printed: IO[str], say: Callable[[str], None]) -> None:
    """What it installs and which ports it takes, up to the table, which whoever has started it prints."""
    for line in printed:
        if line.startswith(TABLE_BEGINS):
            return
        say(line.rstrip("\n"))


def stop(project: Project) -> bool:
    """End the `up` of this checkout, and wait until it is gone; False when none runs.

    Raises LocalCloudError when it does not end by itself.
    """
    pid = owner(project)
    if pid is None:
        return False
    try:
        with _awaited(pid) as is_gone:
            if owner(project) == pid:  # else it has ended by now, and the id may be somebody else's
                os.kill(pid, signal.SIGTERM)
            if is_gone(_STOP_SECONDS):
                return True
    except ProcessLookupError:
        return True
    raise LocalCloudError(f"process {pid} does not end; look into .local/up.log, then end it yourself")


@contextlib.contextmanager
def _awaited(pid: int) -> Iterator[Callable[[float], bool]]:
    """A function that waits at most so many seconds for a process, and says whether it is gone.

    Raises ProcessLookupError if it is gone already. Linux tells at once, of a process that nobody has
    waited for too; elsewhere one has to ask.
    """
    if not hasattr(os, "pidfd_open"):
        os.kill(pid, 0)
        yield lambda seconds: _is_gone_within(pid, seconds)
        return
    descriptor = os.pidfd_open(pid)
    try:
        yield lambda seconds: bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


def _is_gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(_STEP_SECONDS)
    return False
