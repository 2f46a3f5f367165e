"""What runs: written by `up` once it serves, read by `status`, `down`, `logs` and `db-shell`.

The record is believed only while `up` holds the lock beside it: the kernel drops the lock with the process,
however that ends, so a record of a killed `up` is never taken for a running one.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from toolchain.atomic_files import replace_file
from toolchain.errors import LocalCloudError
from toolchain.file_locks import is_held, take
from toolchain.project import Project

_TRIES, _TRY_SECONDS = 50, 0.01


@dataclass(frozen=True, slots=True)
class Record:
    """A running `up`; `routes` are lines for people: `GET /me  jwt aws.cognito.signin.user.admin`.

    `deployed` has the names of the deployed APIs by URL, `problems` what is wrong with the functions as they
    are now: they run as they were declared before.
    """

    pid: int
    api_url: str
    endpoint_url: str
    region: str
    user_pool_id: str
    client_id: str
    database: dict[str, str]
    routes: tuple[str, ...]
    deployed: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_record(project: Project) -> Record | None:
    """The `up` that runs in this checkout, if one does."""
    lock, path = _paths(project)
    if not is_held(lock):
        return None
    try:
        content = json.loads(path.read_bytes())
        record = Record(**{**content, **{name: tuple(content[name]) for name in ("routes", "problems")}})
        os.kill(record.pid, 0)  # gone: the record is an earlier one's, and the lock that of its successor
    except (OSError, ValueError, TypeError, KeyError):
        return None  # it is still starting
    return record


def write_record(project: Project, record: Record) -> None:
    """Say that `up` serves."""
    _, path = _paths(project)
    replace_file(path, json.dumps(asdict(record), indent=2))


@contextlib.contextmanager
def running(project: Project) -> Iterator[None]:
    """Be the one `up` of this checkout. Raises LocalCloudError when there is one already."""
    lock, path = _paths(project)
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _takes_lock(descriptor):
            raise LocalCloudError("it runs already; see `invoke status`, or end it with `invoke down`")
        path.unlink(missing_ok=True)  # of an `up` that was killed
        os.pwrite(descriptor, f"{os.getpid():<20}".encode(), 0)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _takes_lock(descriptor: int) -> bool:
    """Whether no other `up` has it; whoever looks whether one runs has it, too, but for a moment only."""
    for _ in range(_TRIES):
        if take(descriptor):
            return True
        time.sleep(_TRY_SECONDS)
    return False


def owner(project: Project) -> int | None:
    """The process id of the `up` that runs or starts in this checkout."""
    lock, _ = _paths(project)
    if not is_held(lock):
        return None
    text = lock.read_text(encoding="utf-8").strip()
    return int(text) if text.isdigit() else None


def _paths(project: Project) -> tuple[Path, Path]:
    return project.local / "up.lock", project.local / "up.json"
