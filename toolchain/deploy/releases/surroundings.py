"""What a release needs to know besides AWS: the time, this machine and process, and the way to the API."""

import os
import platform
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from toolchain.deploy.releases.lock import Holder, Timing
from toolchain.deploy.releases.smoke import Request, send

_PROCESSES = Path("/proc/self/ns/pid")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`say` gets a line for each thing that has happened; `machine` is the same for its processes only."""

    say: Callable[[str], None]
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    request: Request
    machine: str
    process: int
    is_alive: Callable[[Holder], bool]
    lock_timing: Timing


def surroundings(say: Callable[[str], None]) -> Surroundings:
    """Those of this process."""
    return Surroundings(
        say=say,
        now=lambda: datetime.now(UTC),
        sleep=time.sleep,
        request=send,
        machine=_machine(),
        process=os.getpid(),
        is_alive=_is_alive,
        lock_timing=Timing(),
    )


def read_commit(root: Path) -> tuple[str | None, bool]:
    """The commit that is checked out, and whether something differs from it; None outside of git."""
    try:
        commit = _git(root, "rev-parse", "HEAD")
        return commit.strip(), bool(_git(root, "status", "--porcelain"))
    except (OSError, subprocess.CalledProcessError):
        return None, False


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ("git", "-C", str(root), *arguments), check=True, capture_output=True, text=True
    ).stdout


def _machine() -> str:
    """Name, network address and, on Linux, the namespace of process ids, which containers have their own."""
    namespace = _PROCESSES.readlink().name if _PROCESSES.is_symlink() else ""
    return f"{platform.node()}/{uuid.getnode():x}/{namespace}"


def _is_alive(holder: Holder) -> bool:
    try:
        os.kill(holder.process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's process
        return True
    return True
