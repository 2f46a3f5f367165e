"""`up` in the background: started, waited for, ended."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from toolchain.errors import LocalCloudError
from toolchain.local.up.record import Record, owner, read_record
from toolchain.project import Project

_START_SECONDS = 60
_STOP_SECONDS = 20
_STEP_SECONDS = 0.02
_LOG_LINES = 20


def start(project: Project, arguments: Sequence[str]) -> Record:
    """Start `up` in a session of its own, and wait until it serves.

    Raises LocalCloudError with the end of its log when it does not come up.
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
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        record = read_record(project)
        if record and record.pid == process.pid:
            return record
        if process.poll() is not None:
            break
        time.sleep(_STEP_SECONDS)
    process.terminate()
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
    raise LocalCloudError("it did not start; the end of .local/up.log:\n" + "\n".join(lines))


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
