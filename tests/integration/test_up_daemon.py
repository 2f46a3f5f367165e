"""`up` in the background: what is said of it, and that it is never left behind."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.integration.running_up import until
from tests.unit.test_up import RECORD
from toolchain.errors import LocalCloudError
from toolchain.local.up import daemon
from toolchain.local.up.record import owner
from toolchain.project import Project

# Stands for the local cloud: takes its lock, and does what the test wants then.
_PROGRAM = """
import fcntl, os, sys, time
lock = open(".local/up.lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)
lock.write(str(os.getpid()))
lock.flush()
print("port 8000 is in use; the API is on 8001", flush=True)
"""
_SERVES = """
import json
record = json.load(open("record.json"))
with open(".local/up.json", "w") as file:
    json.dump({**record, "pid": os.getpid()}, file)
print("API            http://127.0.0.1:8001", flush=True)
time.sleep(60)
"""


def project_of(root: Path, program: str) -> Project:
    """A checkout whose toolchain is a stand-in."""
    main = root / "toolchain" / "local" / "up" / "main.py"
    main.parent.mkdir(parents=True)
    main.write_text(_PROGRAM + program)
    (root / "record.json").write_text(json.dumps(asdict(RECORD)))
    return Project(root)


def test_what_it_prints_before_it_serves_is_passed_on(tmp_path: Path) -> None:
    """Not the table: whoever has started it prints that."""
    project, said = project_of(tmp_path, _SERVES), list[str]()
    record = daemon.start(project, [], said.append)
    assert (record.pid, record.api_url) == (owner(project), RECORD.api_url)
    assert said == ["port 8000 is in use; the API is on 8001"]
    assert daemon.stop(project)
    assert owner(project) is None


@pytest.mark.parametrize(
    "program", ["sys.exit('no MariaDB')", "print('no MariaDB', flush=True); time.sleep(1)"]
)
def test_what_one_prints_that_does_not_start_is_said_once(tmp_path: Path, program: str) -> None:
    """Whether it ends at once or a while after it has said why."""
    project, said = project_of(tmp_path, program), list[str]()
    with pytest.raises(LocalCloudError) as caught:
        daemon.start(project, [], said.append)
    assert said == ["port 8000 is in use; the API is on 8001", "no MariaDB"]
    assert str(caught.value) == "it did not start; what it printed is above, and in .local/up.log"


def test_ctrl_c_ends_one_that_starts(tmp_path: Path) -> None:
    """It may be installing what functions need, for minutes."""
    project = project_of(tmp_path, "time.sleep(60)")

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        daemon.start(project, [], interrupt)
    until(lambda: True if owner(project) is None else None)
