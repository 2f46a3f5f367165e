"""Ports that `up` listens on, the record of what runs, and what is said of it."""

import fcntl
import io
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from toolchain.errors import LocalCloudError, ManifestError
from toolchain.local.ports import listen, listen_for, port_of
from toolchain.local.up import logs
from toolchain.local.up.announcing import Announcer
from toolchain.local.up.commands import Choices, down, status, up
from toolchain.local.up.database import reset, split_statements
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


def test_it_says_which_port_it_took_instead() -> None:
    said: list[str] = []
    with listen(0) as taken, listen_for("the API", port_of(taken), said.append) as other:
        assert said == [f"port {port_of(taken)} is in use; the API is on {port_of(other)}"]


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_there_is_not(port: int) -> None:
    with pytest.raises(LocalCloudError) as caught:
        listen_for("the API", port, print)
    assert str(caught.value) == f"the port of the API is {port}; use 0 (any that is free) to 65535"


def test_a_port_that_there_is_not_starts_nothing(tmp_path: Path) -> None:
    """Nor is anything said of a log, which there is not."""
    with pytest.raises(LocalCloudError) as caught:
        up(Project(tmp_path), Choices(port=99999, detach=True, reload=True), io.StringIO())
    assert str(caught.value) == "the port of the API is 99999; use 0 (any that is free) to 65535"
    assert list(tmp_path.iterdir()) == []


def test_no_port_is_free() -> None:
    with listen(65535), pytest.raises(LocalCloudError) as caught:
        listen_for("the API", 65535, print)
    assert str(caught.value) == (
        "the API has no port to listen on: no port from 65535 to 65535 is free; choose another"
    )


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
    """The one that runs is still found after another was refused: `status` and `down` need its record."""
    project = Project(tmp_path)
    with running(project):
        write_record(project, RECORD)
        with pytest.raises(LocalCloudError) as caught, running(project):
            pass
        assert read_record(project) == RECORD
    assert str(caught.value) == "it runs already; see `invoke status`, or end it with `invoke down`"


def test_one_that_starts_is_not_in_the_way_of_who_looks(tmp_path: Path) -> None:
    """To see whether the lock is held, `status` holds it, for a moment; that is no `up`."""
    project = Project(tmp_path)
    with running(project):
        lock = project.local / "up.lock"
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        looking = threading.Timer(0.05, fcntl.flock, (file, fcntl.LOCK_UN))
        looking.start()
        with running(project):
            assert owner(project) == os.getpid()
        looking.join()


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
    assert (
        "sign-in page   http://127.0.0.1:4566/login"
        "?client_id=client&response_type=code&redirect_uri=http://localhost:5173/"
    ) in output.getvalue().splitlines()
    assert "VITE_USER_POOL_ID=eu-west-1_EXAMPLE01" in output.getvalue().splitlines()


def test_status_follows_edits(tmp_path: Path) -> None:
    """What has become of routes is said, and shown from then on; so is what is wrong with a function.yaml."""
    project, said, output = Project(tmp_path), list[str](), io.StringIO()
    announcer = Announcer(project, said.append)
    with running(project):
        announcer.publish(replace(RECORD, routes=("GET /a  a  public", "GET /me  get_me  signed in")))
        announcer.declared(["$default  a  public", "GET /me  get_me  public"])
        assert said == [
            "functions were read again: what they declare has changed",
            "added          $default  a  public",
            "removed        GET /a  a  public",
            "changed        GET /me  get_me  public",
        ]
        announcer.broken(["functions/a/function.yaml: memory_mb is 64; use 128 to 10240"])
        status(project, output)
        assert "               GET /me  get_me  public\n" in output.getvalue()
        problem = (
            "functions/a/function.yaml: memory_mb is 64; use 128 to 10240\n"
            "the functions run as they were declared before\n"
        )
        assert output.getvalue().endswith(f"\n\n{problem}")
        assert f"{said[-1]}\n" == problem
        announcer.declared(["GET /me  get_me  public"])
        assert read_record(project) == replace(RECORD, routes=("GET /me  get_me  public",))


def test_status_of_one_that_starts(tmp_path: Path) -> None:
    """It has no addresses yet."""
    project = Project(tmp_path)
    with running(project), pytest.raises(LocalCloudError) as caught:
        status(project, io.StringIO())
    assert str(caught.value) == "it is starting; ask again in a moment"


def test_the_database_stays_while_it_runs(tmp_path: Path) -> None:
    """What uses it is named, and how to end that."""
    project, output = Project(tmp_path), io.StringIO()
    with running(project), pytest.raises(LocalCloudError) as caught:
        reset(project, output)
    assert str(caught.value) == "`up` uses the database; end it with `invoke down`, then try again"
    (tmp_path / ".local" / "cognito").mkdir()
    reset(project, output)
    assert output.getvalue().splitlines() == [
        "the database is empty; the next start migrates it",
        "users of the local Cognito stay and can sign in, but have no rows",
    ]


@pytest.mark.parametrize(
    ("sql", "statements"),
    [
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1; SELECT 2;\n", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';', \"a;\", `b;`; SELECT 2", ["SELECT ';', \"a;\", `b;`", "SELECT 2"]),
        ("SELECT 'it''s; \\'; '; SELECT 2", ["SELECT 'it''s; \\'; '", "SELECT 2"]),
        ("SELECT 1 -- it's; one\n; SELECT /* ; */ 2 # ;", ["SELECT 1 -- it's; one", "SELECT /* ; */ 2 # ;"]),
        ("SELECT 'no end; SELECT 2", ["SELECT 'no end", "SELECT 2"]),
        (" ; ", []),
        ("SELECT 1; -- done\n# all /* of it */", ["SELECT 1"]),
        ("/* none */ -- at all", []),
        ("--\nSELECT 1; SELECT 2", ["--\nSELECT 1", "SELECT 2"]),
        ("/*!100000 SELECT 1 */", ["/*!100000 SELECT 1 */"]),
    ],
)
def test_statements_of_db_shell(sql: str, statements: list[str]) -> None:
    """A semicolon in a string, a name or a comment ends none; MariaDB tells what is wrong with the rest."""
    assert split_statements(sql) == statements


def test_nothing_runs(tmp_path: Path) -> None:
    project, output = Project(tmp_path), io.StringIO()
    with pytest.raises(LocalCloudError) as caught:
        status(project, output)
    down(project, output)
    assert str(caught.value) == "nothing runs in this checkout; start it with `invoke up`"
    assert output.getvalue() == "nothing runs in this checkout\n"


def _shown(project: Project, choice: logs.Choice) -> str:
    output = io.StringIO()
    logs.show(project, choice, output, follow=False)
    return output.getvalue()


def test_logs_of_one_function_or_of_all(tmp_path: Path) -> None:
    """The API's access log is shown alone."""
    project, directory = Project(tmp_path), tmp_path / ".local" / "logs"
    directory.mkdir(parents=True)
    for name in ("get_me", "health", "api.access"):
        (directory / f"{name}.log").write_text(f"START {name}\nEND\n")
    assert _shown(project, logs.Choice("get_me")) == "START get_me\nEND\n"
    assert _shown(project, logs.Choice()) == (
        "get_me: START get_me\nget_me: END\nhealth: START health\nhealth: END\n"
    )
    assert _shown(project, logs.Choice(access=True)) == "START api.access\nEND\n"


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (logs.Choice("get_me"), "get_me has logged nothing yet"),
        (logs.Choice(), "no function has logged yet"),
        (logs.Choice(access=True), "the API has had no request yet"),
        (
            logs.Choice("get_me", minutes=3),
            "--minutes is for logs of a stage; leave it out, or name one with --stage",
        ),
        (
            logs.Choice("get_me", access=True),
            "--access is the log of the API, get_me the name of a function; use one of the two",
        ),
    ],
)
def test_logs_that_are_not_there(tmp_path: Path, choice: logs.Choice, message: str) -> None:
    with pytest.raises(LocalCloudError) as caught:
        _shown(_with_get_me(tmp_path), choice)
    assert str(caught.value) == message


@pytest.mark.parametrize("follow", [False, True])
def test_logs_of_a_misspelt_function(tmp_path: Path, *, follow: bool) -> None:
    """Nobody is left to wait for what can't come."""
    project = _with_get_me(tmp_path)
    with pytest.raises(ManifestError) as caught:
        logs.show(project, logs.Choice("get_mi"), io.StringIO(), follow=follow)
    assert str(caught.value) == "functions/get_mi: there is no such function; did you mean 'get_me'?"


def _with_get_me(root: Path) -> Project:
    (root / "functions" / "get_me").mkdir(parents=True)
    (root / "functions" / "get_me" / "function.yaml").touch()
    return Project(root)


class _Reader(io.StringIO):
    """Does something after each line it is shown, and in the end Ctrl-C."""

    def __init__(self, *reactions: Callable[[], object]) -> None:
        super().__init__()
        self._reactions = iter(reactions)

    def write(self, text: str) -> int:
        super().write(text)
        for react in self._reactions:
            react()
            return len(text)
        raise KeyboardInterrupt


def test_logs_that_are_followed(tmp_path: Path) -> None:
    """Into the file that takes a full one's place, and of functions that are new."""
    directory = tmp_path / ".local" / "logs"
    directory.mkdir(parents=True)
    health = directory / "health.log"
    health.write_text("one\n")

    def rotate() -> None:
        health.replace(health.with_name("health.log.1"))
        health.write_text("two\n")

    reader = _Reader(rotate, lambda: (directory / "users.log").write_text("three\n"))
    with pytest.raises(KeyboardInterrupt):
        logs.show(Project(tmp_path), logs.Choice(), reader, follow=True)
    assert reader.getvalue() == "health: one\nhealth: two\nusers: three\n"
