"""Ports that `up` listens on, the record of what runs, and what is said of it."""

import io
import os
import socket
from pathlib import Path

import pytest

from toolchain.errors import LocalCloudError
from toolchain.local.up.commands import down, logs, status
from toolchain.local.up.ports import listen, port_of
from toolchain.local.up.record import Record, owner, read_record, running, write_record
from toolchain.project import Project

RECORD = Record(
    pid=os.getpid(),
    api_url="http://127.0.0.1:8000",
    endpoint_url="http://127.0.0.1:4566",
    region="eu-west-1",
    user_pool_id="eu-west-1_EXAMPLE01",
    client_id="client",
    database={"DATABASE_HOST": "127.0.0.1", "DATABASE_PORT": "3306"},
    routes=("GET /me  get_me  signed in",),
)


def test_the_next_port_when_one_is_taken() -> None:
    """Whoever listens already is left alone."""
    with listen(0) as taken, listen(port_of(taken)) as other:
        assert port_of(taken) < port_of(other) <= port_of(taken) + 100


def test_only_this_machine_is_listened_to() -> None:
    with listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        assert listener.family == socket.AF_INET


def test_the_record_is_there_while_it_runs(tmp_path: Path) -> None:
    project = Project(tmp_path)
    with running(project):
        assert (read_record(project), owner(project)) == (None, os.getpid())
        write_record(project, RECORD)
        assert read_record(project) == RECORD
    assert (read_record(project), owner(project)) == (None, None)


def test_the_record_of_a_killed_process_is_not_believed(tmp_path: Path) -> None:
    """Its lock went with it."""
    project = Project(tmp_path)
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "up.lock").write_text("12345")
    write_record(project, RECORD)
    assert (read_record(project), owner(project)) == (None, None)


def test_it_runs_once_in_a_checkout(tmp_path: Path) -> None:
    project = Project(tmp_path)
    with running(project), pytest.raises(LocalCloudError) as caught, running(project):
        pass
    assert str(caught.value) == "it runs already; see `invoke status`, or end it with `invoke down`"


def test_status_says_where_things_are(tmp_path: Path) -> None:
    project, output = Project(tmp_path), io.StringIO()
    with running(project):
        write_record(project, RECORD)
        status(project, output)
    assert output.getvalue().splitlines()[1:4] == [
        "API            http://127.0.0.1:8000",
        "               GET /me  get_me  signed in",
        "user pool      eu-west-1_EXAMPLE01",
    ]
    assert "VITE_USER_POOL_ID=eu-west-1_EXAMPLE01" in output.getvalue().splitlines()


def test_nothing_runs(tmp_path: Path) -> None:
    project, output = Project(tmp_path), io.StringIO()
    with pytest.raises(LocalCloudError) as caught:
        status(project, output)
    down(project, output)
    assert str(caught.value) == "nothing runs in this checkout; start it with `invoke up`"
    assert output.getvalue() == "nothing runs in this checkout\n"


def test_logs_of_one_function_or_of_all(tmp_path: Path) -> None:
    project, one, every = Project(tmp_path), io.StringIO(), io.StringIO()
    with pytest.raises(LocalCloudError, match="get_me has logged nothing yet"):
        logs(project, "get_me", one, follow=False)
    (tmp_path / ".local" / "logs").mkdir(parents=True)
    for name in ("get_me", "health"):
        (tmp_path / ".local" / "logs" / f"{name}.log").write_text(f"START {name}\nEND\n")
    logs(project, "get_me", one, follow=False)
    logs(project, None, every, follow=False)
    assert one.getvalue() == "START get_me\nEND\n"
    assert every.getvalue() == "get_me: START get_me\nget_me: END\nhealth: START health\nhealth: END\n"
