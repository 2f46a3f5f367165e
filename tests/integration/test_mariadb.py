"""The private MariaDB: shared, killed, left behind, moved, and in the way of others."""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path

import pymysql
import pytest
from pymysql.connections import Connection

from toolchain.errors import DatabaseServerError
from toolchain.local.mariadb import (
    DatabaseServer,
    database_server,
    find_program,
    migrated_database,
    remove_database,
    revive_server,
    temporary_server,
)
from toolchain.local.mariadb import lease as lease_module
from toolchain.local.mariadb.instance import Instance
from toolchain.local.mariadb.process import command_line, is_alive, is_our_server
from toolchain.local.mariadb.storage import provide_template
from toolchain.project import Project

USER = pwd.getpwuid(os.geteuid()).pw_name

# A process of its own that uses the server: says where it is, then waits.
HOLD = """
import os, sys
from pathlib import Path
from toolchain.local.mariadb import database_server
from toolchain.project import Project
print("starting", flush=True)
with database_server(Project(Path(sys.argv[1]))) as server:
    print(server.port, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def project(tmp_path: Path, checkout: Project) -> Iterator[Project]:
    """A project without a database; it has the checkout's template, so that no test has to make one."""
    project = Project(tmp_path)
    template = provide_template(checkout.local / "mariadb-templates", find_program())
    project.local.mkdir()
    (project.local / "mariadb-templates").symlink_to(template.parent)
    yield project
    remove_database(project)
    assert not is_alive_in(project)


@pytest.fixture
def instance(project: Project) -> Instance:
    return Instance(project.local / "mariadb")


def is_alive_in(project: Project) -> bool:
    instance = Instance(project.local / "mariadb")
    return instance.directory.exists() and is_alive(instance)


def open_as(server: DatabaseServer, **others: object) -> AbstractContextManager[Connection]:
    """A connection as the application, or as `others` say."""
    arguments = {
        "host": server.host,
        "port": server.port,
        "user": server.user,
        "password": server.password,
        "database": server.database,
        "autocommit": True,
        "ssl_disabled": True,
        **others,
    }
    return closing(pymysql.connect(**arguments))  # type: ignore[call-overload]


def query(server: DatabaseServer, sql: str, **others: object) -> list[tuple[object, ...]]:
    with open_as(server, **others) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def pid_of(instance: Instance) -> int:
    return int(instance.pid_file.read_text())


class Holder:
    """Another process that uses the project's server until it is ended."""

    def __init__(self, project: Project) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOLD, project.root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.read()

    def read(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def leave(self) -> None:
        self._process.communicate()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def hold(project: Project) -> Iterator[Callable[[], Holder]]:
    """Start a Holder; it is ended with the test."""
    holders: list[Holder] = []

    def start() -> Holder:
        holders.append(Holder(project))
        return holders[-1]

    yield start
    for holder in holders:
        with suppress(ValueError):  # it has been ended already
            holder.kill()


def test_a_killed_server_is_started_again_for_those_who_use_it(project: Project, instance: Instance) -> None:
    """At its port and with its password; not when the last of them has left."""
    with database_server(project) as server:
        assert not revive_server(project, server), "it is alive"
        query(server, "CREATE TABLE kept (id INT PRIMARY KEY)")
        pid = pid_of(instance)
        os.kill(pid, signal.SIGKILL)
        while is_alive(instance):
            time.sleep(0.01)
        assert revive_server(project, server)
        assert query(server, "SELECT COUNT(*) FROM kept") == [(0,)]
        assert not command_line(pid), "the first one is no zombie"
    assert not revive_server(project, server)
    assert not is_alive_in(project)


class TestAccounts:
    def test_the_application_reaches_its_schema_only(self, mariadb: DatabaseServer) -> None:
        assert query(mariadb, "SHOW DATABASES") == [("app",), ("information_schema",)]
        for statement in ("CREATE DATABASE other", "CREATE USER other", "SELECT * FROM mysql.global_priv"):
            with pytest.raises(pymysql.err.OperationalError, match="denied"):
                query(mariadb, statement)

    @pytest.mark.parametrize("user", ["root", USER, "app", ""])
    def test_nobody_comes_in_without_the_password(self, mariadb: DatabaseServer, user: str) -> None:
        with pytest.raises(pymysql.err.OperationalError, match="Access denied"):
            query(mariadb, "SELECT 1", user=user, password="")

    def test_the_user_of_this_system_has_all_rights_over_the_socket(self, mariadb: DatabaseServer) -> None:
        """The kernel says who it is; for looking into things by hand."""
        account = query(
            mariadb, "SELECT CURRENT_USER()", unix_socket=str(mariadb.socket), user=USER, password=""
        )
        assert account == [(f"{USER}@localhost",)]

    def test_others_of_this_system_can_not_read_the_files(self, mariadb: DatabaseServer) -> None:
        assert mariadb.socket.parent.stat().st_mode & 0o077 == 0

    def test_the_environment_is_that_of_a_function(self, mariadb: DatabaseServer) -> None:
        assert mariadb.environment() == {
            "DATABASE_HOST": "127.0.0.1",
            "DATABASE_PORT": str(mariadb.port),
            "DATABASE_NAME": "app",
            "DATABASE_USER": "app",
            "DATABASE_AUTH": "password",
            "DATABASE_PASSWORD": mariadb.password,
        }
        assert mariadb.password not in repr(mariadb)


class TestUse:
    def test_rows_port_and_password_stay(self, project: Project) -> None:
        """A SQL client may have been told of them."""
        with database_server(project) as first:
            query(first, "CREATE TABLE notes (id INT)")
        with database_server(project) as second:
            assert query(second, "SHOW TABLES") == [("notes",)]
        assert (first.port, first.password) == (second.port, second.password)
        assert not is_alive_in(project)

    def test_migrations_are_applied(self, project: Project, checkout: Project) -> None:
        shutil.copytree(checkout.migrations, project.migrations)
        with migrated_database(project) as server:
            assert ("users",) in query(server, "SHOW TABLES")

    def test_a_project_without_migrations_has_an_empty_database(self, project: Project) -> None:
        with migrated_database(project) as server:
            assert query(server, "SHOW TABLES") == []

    def test_a_wrong_migration_is_the_users_to_mend(self, project: Project) -> None:
        project.migrations.mkdir()
        (project.migrations / "0001_wrong.sql").write_text("CREATE TABLE wrong (id NUMBER)")
        (project.migrations / "wrong.sql").write_text("")
        with pytest.raises(DatabaseServerError) as caught, migrated_database(project):
            pass
        assert str(caught.value) == (
            "migrations/wrong.sql: the name is not NNNN_name.sql (four digits, then a-z, 0-9 and _)"
        )
        assert not is_alive_in(project)

    @pytest.mark.parametrize("name", ["a 'quoted' \"directory\" 目录", "long" * 40])
    def test_a_checkout_may_be_anywhere(self, tmp_path: Path, name: str) -> None:
        """A socket's path has at most 107 bytes, a checkout's may have many more."""
        project = Project(tmp_path / name)
        with database_server(project) as server:
            assert query(server, "SELECT 1", unix_socket=str(server.socket)) == [(1,)]
        assert not server.socket.exists()
        assert server.socket.parent == project.local / "mariadb" or not server.socket.parent.exists()

    def test_all_rows_can_be_removed(self, project: Project) -> None:
        with database_server(project) as server:
            query(server, "CREATE TABLE notes (id INT)")
            with pytest.raises(DatabaseServerError) as caught:
                remove_database(project)
        directory = project.local / "mariadb"
        assert str(caught.value) == f"{directory} is in use; stop what uses it, then try again"
        remove_database(project)
        assert not directory.exists()


class TestSharing:
    def test_the_last_to_leave_stops_it(
        self, project: Project, instance: Instance, hold: Callable[[], Holder]
    ) -> None:
        first, second = hold(), hold()
        assert first.read() == second.read()
        pid = pid_of(instance)
        first.leave()
        with database_server(project) as server:
            assert query(server, "SELECT 1") == [(1,)]
        assert (is_alive_in(project), pid_of(instance)) == (True, pid)
        second.leave()
        assert not is_alive_in(project)

    def test_many_that_start_at_once_get_one(self, instance: Instance, hold: Callable[[], Holder]) -> None:
        with ThreadPoolExecutor(6) as pool:
            holders = list(pool.map(lambda _: hold(), range(6)))
        assert len({holder.read() for holder in holders}) == 1
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(Holder.leave, holders))
        assert not is_alive(instance)

    def test_threads_and_nested_uses_share_too(self, project: Project) -> None:
        with database_server(project) as outer:
            with database_server(project) as inner:
                assert inner == outer
            assert query(outer, "SELECT 1") == [(1,)]


class TestKilled:
    def test_a_user_leaves_the_server_to_the_next(
        self, project: Project, instance: Instance, hold: Callable[[], Holder]
    ) -> None:
        """The next one takes it over, and stops it."""
        holder = hold()
        holder.read()
        pid = pid_of(instance)
        holder.kill()
        assert is_our_server(command_line(pid), instance.data)
        with database_server(project) as server:
            assert query(server, "SELECT 1") == [(1,)]
            assert pid_of(instance) == pid
        assert not is_alive(instance)

    def test_a_server_loses_no_committed_row(self, project: Project, instance: Instance) -> None:
        """The pid file and the socket it leaves behind are no obstacle."""
        with database_server(project) as server:
            query(server, "CREATE TABLE notes (id INT)")
            query(server, "INSERT INTO notes VALUES (1), (2)")
            os.kill(pid_of(instance), signal.SIGKILL)
        with database_server(project) as server:
            assert query(server, "SELECT id FROM notes ORDER BY id") == [(1,), (2,)]

    def test_while_it_starts(self, project: Project, hold: Callable[[], Holder]) -> None:
        """Anywhere between the copy of the template and the first connection."""
        chance = random.Random(4)  # noqa: S311  no secret
        for _ in range(12):
            holder = hold()
            time.sleep(chance.uniform(0, 0.12))
            holder.kill()
        with database_server(project) as server:
            assert query(server, "SELECT 1") == [(1,)]
        assert not is_alive_in(project)
        left_over = [path.name for path in (project.local / "mariadb").glob("unfinished-*")]
        assert left_over == []

    def test_without_its_endpoint_it_is_replaced(
        self, project: Project, instance: Instance, hold: Callable[[], Holder]
    ) -> None:
        """Nobody knows its port and password any more."""
        holder = hold()
        holder.read()
        pid = pid_of(instance)
        holder.kill()
        instance.endpoint.write_text("{")
        with database_server(project) as server:
            assert query(server, "SELECT 1") == [(1,)]
            assert pid_of(instance) != pid

    def test_another_process_is_never_ended(self, project: Project, instance: Instance) -> None:
        """The pid in an old file may be anybody's by now."""
        with database_server(project):
            pass
        with subprocess.Popen(["sleep", "60"]) as other:
            instance.pid_file.write_text(f"{other.pid}\n")
            with database_server(project) as server:
                assert query(server, "SELECT 1") == [(1,)]
            assert other.poll() is None
            other.kill()

    def test_a_server_that_can_not_be_identified_is_left_alone(
        self, project: Project, instance: Instance
    ) -> None:
        """It is alive, but the pid in its file is not its own."""
        with database_server(project):
            kept = {path: path.read_text() for path in (instance.pid_file, instance.endpoint)}
            instance.pid_file.write_text(f"{os.getpid()}\n")
            instance.endpoint.unlink()
            with pytest.raises(DatabaseServerError) as caught, database_server(project):
                pass
            for path, text in kept.items():
                path.write_text(text)
        assert str(caught.value) == (
            f"{instance.pid_file} does not name the server that uses {instance.data};"
            " end that mariadbd, then try again"
        )


class TestRefusals:
    def test_a_port_that_is_in_use(self, project: Project) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(DatabaseServerError) as caught, database_server(project, port=port):
                pass
        assert str(caught.value) == (
            f"port {port} on 127.0.0.1 is in use; stop what listens there, or choose another"
        )

    def test_another_port_than_that_of_the_running_server(self, project: Project) -> None:
        with (
            database_server(project) as server,
            pytest.raises(DatabaseServerError) as caught,
            database_server(project, port=1),
        ):
            pass
        assert str(caught.value) == (
            f"MariaDB already runs on port {server.port}, not 1; stop what uses {project.local / 'mariadb'}"
        )

    def test_the_port_of_the_last_time_is_not_insisted_on(self, project: Project) -> None:
        with database_server(project) as first:
            pass
        with socket.create_server(("127.0.0.1", first.port)), database_server(project) as second:
            assert query(second, "SELECT 1") == [(1,)]
            assert second.port != first.port

    def test_a_port_that_is_taken_at_the_last_moment_is_given_up(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between the search for a free one and the server's start."""
        choose = lease_module._choose_port  # noqa: SLF001  nothing else can bring the moment about
        with socket.create_server(("127.0.0.1", 0)) as taken:
            ports = iter([taken.getsockname()[1]])
            monkeypatch.setattr(lease_module, "_choose_port", lambda *_: next(ports, choose(None, None)))
            with database_server(project) as server:
                assert query(server, "SELECT 1") == [(1,)]

    @pytest.mark.parametrize("version", ["10.6.18", "11.4.2"])
    def test_a_data_directory_of_another_version(
        self, project: Project, instance: Instance, version: str
    ) -> None:
        with database_server(project):
            pass
        (instance.data / "made_by_version").write_text(f"{version}\n")
        with pytest.raises(DatabaseServerError) as caught, database_server(project):
            pass
        program = find_program()
        assert str(caught.value) == (
            f"{instance.data} was made by MariaDB {version}, but {program.path} is {program.version};"
            f" install {'.'.join(version.split('.')[:2])}, or remove {instance.directory} (its rows are lost)"
        )

    def test_a_server_that_does_not_start(self, project: Project, instance: Instance) -> None:
        """The end of its log says why; nothing of it is left."""
        with database_server(project):
            pass
        (instance.data / "ibdata1").write_bytes(b"not a tablespace")
        with pytest.raises(DatabaseServerError) as caught, database_server(project):
            pass
        head, *log = str(caught.value).splitlines()
        assert head == f"MariaDB did not start; the end of {instance.log}:"
        assert log == [f"    {line}" for line in instance.log.read_text().splitlines()[-12:]]
        assert "Aborting" in log[-1]
        assert not is_alive(instance)


# Runs in a process of its own, which gives up rights or space.
START = """
import os, pwd, resource, sys
from pathlib import Path
from toolchain.errors import ToolchainError
from toolchain.local.mariadb import database_server
from toolchain.project import Project
if sys.argv[2] == "rights" and os.geteuid() == 0:  # root may write everywhere
    os.setuid(pwd.getpwnam("nobody").pw_uid)
if sys.argv[2] == "space":
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    with database_server(Project(Path(sys.argv[1]))):
        print("started")
except ToolchainError as error:
    print(error)
"""


def start_without(what: str, root: Path) -> str:
    """What a start prints that lacks rights or space."""
    command = [sys.executable, "-c", START, str(root), what]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class TestStorage:
    def test_a_checkout_that_is_read_only(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        root = tmp_path_factory.mktemp("read-only")
        for parent in (root.parent, root.parent.parent):
            parent.chmod(0o755)
        root.chmod(0o555)
        assert start_without("rights", root) == (
            f"{root}/.local/mariadb: Permission denied;"
            " the private MariaDB keeps its files there and needs about 40 MB\n"
        )

    def test_a_disk_that_is_full(self, project: Project, instance: Instance) -> None:
        """A limit on the size of files stands for it. No half-made data directory stays."""
        assert start_without("space", project.root) == (
            f"{instance.directory}: File too large;"
            " the private MariaDB keeps its files there and needs about 40 MB\n"
        )
        assert not list(instance.directory.glob("*data*"))
        assert not list(instance.directory.glob("unfinished-*"))

    def test_a_disk_that_is_full_before_there_is_a_template(self, tmp_path: Path) -> None:
        """The server itself says what went wrong."""
        head, *log = start_without("space", tmp_path).splitlines()
        templates = tmp_path / ".local" / "mariadb-templates"
        assert head.startswith(f"{find_program().path} could not make {templates}/unfinished-")
        assert any("InnoDB" in line for line in log)
        assert [path.name for path in templates.iterdir()] == ["guard.lock"]


class TestTemporary:
    def test_several_at_once(self, checkout: Project) -> None:
        with temporary_server(checkout) as one, temporary_server(checkout) as other:
            query(one, "CREATE TABLE notes (id INT)")
            assert query(other, "SHOW TABLES") == []
        assert not one.socket.parent.exists()
        assert not other.socket.parent.exists()

    def test_temporary_tables_of_other_servers_are_left_alone(
        self, checkout: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A server that starts removes every temporary table from its temporary directory."""
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        theirs = tmp_path / "#sql-temptable-1-1-0.MAI"
        theirs.touch()
        provide_template(tmp_path / "mariadb-templates", find_program())
        with temporary_server(checkout, directory=tmp_path):
            assert theirs.exists()

    def test_what_a_killed_run_left_behind_is_removed(self, checkout: Project, tmp_path: Path) -> None:
        """And nothing of a run that goes on."""
        hold = (
            "import os, signal, sys; from pathlib import Path; from toolchain.project import Project;"
            "from toolchain.local.mariadb import temporary_server;"
            "lease = temporary_server(Project(Path(sys.argv[1])), directory=Path(sys.argv[2]));"
            "print(lease.__enter__().socket, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
        )
        home = tmp_path / "home"
        home.mkdir()
        killed = subprocess.run(
            [sys.executable, "-c", hold, checkout.root, home], capture_output=True, text=True, check=False
        )
        left_behind = Instance(Path(killed.stdout.strip()).parent)
        assert is_alive(left_behind)
        with temporary_server(checkout, directory=home) as first:
            assert not left_behind.directory.exists()
            with temporary_server(checkout, directory=home):
                assert query(first, "SELECT 1") == [(1,)]
        assert [path.name for path in home.iterdir()] == ["guard.lock"]
