"""An `up` for tests: of a copy of the repository, on free ports."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.working_tree import copy_working_tree
from toolchain.local.up.record import Record, read_record
from toolchain.project import Project

_START_SECONDS = 90
_STOP_SECONDS = 30

# `up` ends with the test run even if that is killed: the kernel closes its end of the pipe.
_UNTIL_STDIN_ENDS = """
exec 3<&0
"$@" </dev/null 3<&- &
up=$!
{ read -r _ <&3; kill -TERM $up; } &
wait $up
kill $! 2>/dev/null
"""


@dataclass(frozen=True, slots=True)
class LocalCloud:
    """What runs, and the copy of the repository that it runs from."""

    project: Project
    record: Record

    def environment(self) -> dict[str, str]:
        """What clients have to know."""
        return {
            "API_URL": self.record.api_url,
            "ENDPOINT_URL": self.record.endpoint_url,
            "REGION": self.record.region,
            "USER_POOL_ID": self.record.user_pool_id,
            "CLIENT_ID": self.record.client_id,
        }


@contextmanager
def run_cloud(directory: Path, prepare: Callable[[Project], None] = lambda _: None) -> Iterator[LocalCloud]:
    """Run `up` in a copy of the repository under `directory`, until the block is left.

    `prepare` gets the copy before that.
    """
    project = Project(directory / "project")
    copy_working_tree(project.root)
    prepare(project)
    log = directory / "up.log"
    up = (sys.executable, "-m", "toolchain.local.up.main", str(project.root), "--port", "0")
    with log.open("wb") as output:
        process = subprocess.Popen(
            ("sh", "-c", _UNTIL_STDIN_ENDS, "up", *up),
            cwd=project.root,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield LocalCloud(project, _wait_for_record(project, process, log))
    finally:
        process.communicate(timeout=_STOP_SECONDS)


def _wait_for_record(project: Project, process: subprocess.Popen[bytes], log: Path) -> Record:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if record := read_record(project):
            return record
        time.sleep(0.05)
    raise AssertionError(f"`up` does not serve:\n{log.read_text(encoding='utf-8')}")
