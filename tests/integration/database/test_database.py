"""lib.database against a real MariaDB: transactions, lost connections, full and slow servers."""

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from time import monotonic

import pymysql
import pytest
from pymysql.connections import Connection

from lib.database import Database, DatabaseUnavailable, Transaction
from lib.deadline import deadline_of
from lib.settings import DatabaseSettings
from tests.unit.http_events import Context
from toolchain.local.mariadb import DatabaseServer, temporary_server
from toolchain.project import Project

SettingsOf = Callable[[DatabaseServer], DatabaseSettings]


@pytest.fixture
def settings(empty_settings: DatabaseSettings, connection: Connection) -> DatabaseSettings:
    """Settings of a database with an empty table, `notes`."""
    connection.query("CREATE TABLE notes (id INT PRIMARY KEY, text VARCHAR(5) NOT NULL)")
    return empty_settings


@pytest.fixture
def database(settings: DatabaseSettings) -> Iterator[Database]:
    with closing(Database(settings)) as database:
        yield database


def insert(transaction: Transaction, number: int = 1, text: str = "text") -> int:
    return transaction.execute("INSERT INTO notes VALUES (%s, %s)", (number, text))


def notes(connection: Connection) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM notes ORDER BY id")
        return [number for (number,) in cursor.fetchall()]


def connection_id(database: Database) -> int:
    row = database.run(lambda transaction: transaction.row("SELECT CONNECTION_ID() AS id"), idempotent=True)
    assert row
    return int(row["id"])


def kill(connection: Connection, number: int) -> None:
    connection.query(f"KILL {number}")


class Work:
    """Inserts a note and counts how often; the first `failures` times its connection is killed before."""

    def __init__(self, connection: Connection, failures: int = 0) -> None:
        self.calls = 0
        self._connection = connection
        self._failures = failures

    def __call__(self, transaction: Transaction) -> int:
        self.calls += 1
        row = transaction.row("SELECT CONNECTION_ID() AS id")
        assert row
        if self.calls <= self._failures:
            kill(self._connection, row["id"])
        return insert(transaction)


class TestSession:
    def test_is_as_it_has_to_be(self, database: Database) -> None:
        """Whatever the server's parameters are."""
        row = database.run(
            lambda transaction: transaction.row(
                "SELECT @@sql_mode AS sql_mode, @@time_zone AS time_zone, @@autocommit AS autocommit,"
                " @@character_set_client AS client, @@character_set_connection AS connection,"
                " @@character_set_results AS results"
            ),
            idempotent=True,
        )
        assert row is not None
        assert set(row.pop("sql_mode").split(",")) == {
            "STRICT_ALL_TABLES",
            "ONLY_FULL_GROUP_BY",
            "NO_ZERO_IN_DATE",
            "NO_ZERO_DATE",
            "ERROR_FOR_DIVISION_BY_ZERO",
            "NO_ENGINE_SUBSTITUTION",
        }
        assert row == {
            "time_zone": "+00:00",
            "autocommit": 0,
            "client": "utf8mb4",
            "connection": "utf8mb4",
            "results": "utf8mb4",
        }

    def test_nothing_is_cut(self, database: Database) -> None:
        with pytest.raises(pymysql.err.DataError, match="Data too long for column 'text'"):
            database.run(lambda transaction: insert(transaction, text="too long"), idempotent=True)

    def test_rows_that_are_found_count(self, database: Database) -> None:
        """Even when nothing changes."""
        database.run(insert, idempotent=False)
        update = "UPDATE notes SET text = 'text' WHERE id = 1"
        assert database.run(lambda transaction: transaction.execute(update), idempotent=True) == 1


class TestTransaction:
    def test_is_committed_when_its_work_returns(self, database: Database, connection: Connection) -> None:
        assert database.run(insert, idempotent=False) == 1
        assert notes(connection) == [1]

    def test_is_rolled_back_when_its_work_raises(self, database: Database, connection: Connection) -> None:
        def work(transaction: Transaction) -> None:
            insert(transaction)
            raise LookupError

        with pytest.raises(LookupError):
            database.run(work, idempotent=True)
        assert notes(connection) == []

    def test_a_wrong_statement_is_not_repeated(self, database: Database, connection: Connection) -> None:
        """The connection is still good, and kept."""
        work = Work(connection)
        before = connection_id(database)
        database.run(work, idempotent=True)
        with pytest.raises(pymysql.err.IntegrityError):
            database.run(work, idempotent=True)
        assert (work.calls, connection_id(database)) == (2, before)

    def test_the_connection_is_kept(self, database: Database) -> None:
        assert connection_id(database) == connection_id(database)

    def test_a_deadlock_repeats_idempotent_work(self, settings: DatabaseSettings) -> None:
        """The server rolls back one of the two; both succeed."""
        both_have_one = threading.Barrier(2)
        calls: list[int] = []

        def update_both(first: int, second: int) -> None:
            def work(transaction: Transaction) -> None:
                calls.append(first)
                transaction.execute("UPDATE notes SET text = 'x' WHERE id = %s", (first,))
                with suppress(threading.BrokenBarrierError):
                    both_have_one.wait(5)
                both_have_one.abort()
                transaction.execute("UPDATE notes SET text = 'x' WHERE id = %s", (second,))

            with closing(Database(settings)) as database:
                database.run(work, idempotent=True)

        with closing(Database(settings)) as database:
            database.run(
                lambda transaction: insert(transaction, 1) + insert(transaction, 2), idempotent=False
            )
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(update_both, (1, 2), (2, 1)))
        assert len(calls) == 3


class TestLostConnection:
    """2006 and 2013: closed by the server, or by something between."""

    @pytest.mark.parametrize("idempotent", [True, False])
    def test_while_idle_is_replaced_before_the_work(
        self, database: Database, connection: Connection, *, idempotent: bool
    ) -> None:
        """The usual case: a container that was frozen for longer than wait_timeout."""
        kill(connection, connection_id(database))
        work = Work(connection)
        database.run(work, idempotent=idempotent)
        assert (work.calls, notes(connection)) == (1, [1])

    def test_during_the_work_repeats_what_is_idempotent(
        self, database: Database, connection: Connection
    ) -> None:
        work = Work(connection, failures=1)
        database.run(work, idempotent=True)
        assert (work.calls, notes(connection)) == (2, [1])

    def test_during_the_work_never_repeats_what_is_not(
        self, database: Database, connection: Connection
    ) -> None:
        """It may have been committed. The next work gets a new connection."""
        work = Work(connection, failures=1)
        with pytest.raises(DatabaseUnavailable):
            database.run(work, idempotent=False)
        assert (work.calls, notes(connection)) == (1, [])
        database.run(work, idempotent=False)
        assert notes(connection) == [1]

    def test_twice_is_given_up(self, database: Database, connection: Connection) -> None:
        work = Work(connection, failures=9)
        with pytest.raises(DatabaseUnavailable):
            database.run(work, idempotent=True)
        assert work.calls == 2

    def test_a_failover_is_followed(
        self, database: Database, connection: Connection, administrator: Connection
    ) -> None:
        """The old writer refuses to write (1290); a new connection reaches the new one."""
        before = connection_id(database)
        calls = 0

        def work(transaction: Transaction) -> int:
            nonlocal calls
            calls += 1
            administrator.query(f"SET GLOBAL read_only = {int(calls == 1)}")
            return insert(transaction)

        database.run(work, idempotent=True)
        assert (calls, notes(connection)) == (2, [1])
        assert connection_id(database) != before


class TestUnavailable:
    def test_nobody_listens(self, settings: DatabaseSettings) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and not listening: connections are refused
            port = taken.getsockname()[1]
            database = Database(replace(settings, port=port))
            with pytest.raises(DatabaseUnavailable) as caught:
                database.check()
        reason = f"[Errno {errno.ECONNREFUSED}] {os.strerror(errno.ECONNREFUSED)}"
        assert str(caught.value) == (
            f"127.0.0.1:{port}: Can't connect to MySQL server on '127.0.0.1' ({reason})"
        )

    def test_a_wrong_password(self, settings: DatabaseSettings) -> None:
        """The message has the account, and no password."""
        with pytest.raises(DatabaseUnavailable) as caught:
            Database(replace(settings, password="wrong-one")).check()
        assert str(caught.value) == (
            f"127.0.0.1:{settings.port}: Access denied for user 'app'@'127.0.0.1' (using password: YES)"
        )

    def test_a_server_that_does_not_greet_takes_the_connect_timeout(self, settings: DatabaseSettings) -> None:
        """Once, and not the read timeout: a Cognito trigger has four seconds."""
        with socket.socket() as mute:
            mute.bind(("127.0.0.1", 0))
            mute.listen()
            slow = replace(settings, port=mute.getsockname()[1], connect_timeout_seconds=1)
            started = monotonic()
            with pytest.raises(DatabaseUnavailable):
                Database(slow).check()
        assert monotonic() - started < 5  # the read timeout is 10

    def test_a_slow_query_takes_the_read_timeout_once(self, settings: DatabaseSettings) -> None:
        """Repeating it would take as long again."""
        calls = 0

        def sleep(transaction: Transaction) -> None:
            nonlocal calls
            calls += 1
            transaction.row("SELECT SLEEP(5)")

        with closing(Database(replace(settings, read_timeout_seconds=1))) as database:
            with pytest.raises(DatabaseUnavailable):
                database.run(sleep, idempotent=True)
            database.check()
        assert calls == 1

    def test_a_row_that_stays_locked(self, settings: DatabaseSettings, database: Database) -> None:
        """1205: the other transaction may be over soon."""
        database.run(insert, idempotent=False)

        def update_impatiently(transaction: Transaction) -> None:
            transaction.execute("SET SESSION innodb_lock_wait_timeout = 1")
            transaction.execute("UPDATE notes SET text = 'x'")

        def lock_and_update_elsewhere(transaction: Transaction) -> None:
            transaction.row("SELECT id FROM notes FOR UPDATE")
            with closing(Database(settings)) as other:
                other.run(update_impatiently, idempotent=True)

        with pytest.raises(DatabaseUnavailable, match="Lock wait timeout exceeded"):
            database.run(lock_and_update_elsewhere, idempotent=True)


class TestLockWaits:
    """The server gives up before this side does, so that the connection is kept."""

    QUERY = "SELECT @@lock_wait_timeout AS of_tables, @@innodb_lock_wait_timeout AS of_rows"

    @pytest.mark.parametrize(
        ("remaining_millis", "seconds"), [(900_000, 9), (10_000, 9), (4000, 3), (1200, 1), (100, 1)]
    )
    def test_end_before_the_invocation(self, database: Database, remaining_millis: int, seconds: int) -> None:
        with deadline_of(Context(remaining_millis=remaining_millis)):
            row = database.run(lambda transaction: transaction.row(self.QUERY), idempotent=True)
        assert row == {"of_tables": seconds, "of_rows": seconds}

    def test_keep_the_connection(self, settings: DatabaseSettings, database: Database) -> None:
        database.run(insert, idempotent=False)
        before = connection_id(database)
        with closing(Database(settings)) as other, deadline_of(Context(remaining_millis=2200)):

            def lock_and_update_elsewhere(transaction: Transaction) -> None:
                transaction.row("SELECT id FROM notes FOR UPDATE")
                database.run(lambda t: t.execute("UPDATE notes SET text = 'x'"), idempotent=True)

            with pytest.raises(DatabaseUnavailable, match="Lock wait timeout exceeded"):
                other.run(lock_and_update_elsewhere, idempotent=True)
        assert connection_id(database) == before


class TestBehindProxy:
    """RDS Proxy keeps a connection for one client alone once it has set a variable that it does not track.

    RDS user guide: "Avoiding pinning an RDS Proxy".
    """

    TRACKED = frozenset({"sql_mode", "time_zone", "autocommit"})

    @pytest.fixture
    def log(self, administrator: Connection) -> Iterator[Callable[[int], list[str]]]:
        """`log(4)`: the statements of connection 4."""

        def statements(number: int) -> list[str]:
            with administrator.cursor() as cursor:
                cursor.execute("SELECT argument FROM mysql.general_log WHERE thread_id = %s", (number,))
                return [argument for (argument,) in cursor.fetchall()]

        administrator.query("SET GLOBAL log_output = 'TABLE', general_log = ON")
        yield statements
        administrator.query("SET GLOBAL log_output = DEFAULT, general_log = OFF")

    def test_variables_are_those_it_tracks(
        self, settings: DatabaseSettings, log: Callable[[int], list[str]]
    ) -> None:
        with closing(Database(replace(settings, is_proxied=True))) as database:
            database.run(insert, idempotent=False)
            with deadline_of(Context(remaining_millis=4000)):
                statements = log(connection_id(database))
        names = [one for one in statements if one.startswith("SET NAMES ")]
        changes = [one for one in statements if one.startswith("SET") and one not in names]
        variables = {name for one in changes for name in re.findall(r"(\w+) =", one)}
        assert len(names) == 1
        assert variables == self.TRACKED

    def test_lock_waits_are_the_servers(self, settings: DatabaseSettings) -> None:
        """The proxy's initialization query limits them; see terraform/modules/database."""
        query = "SELECT @@lock_wait_timeout = @@GLOBAL.lock_wait_timeout AS of_tables"
        with closing(Database(replace(settings, is_proxied=True))) as database:
            assert database.run(lambda transaction: transaction.row(query), idempotent=True) == {
                "of_tables": 1
            }


def pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)


@pytest.mark.parametrize(("drops", "succeeds"), [(1, True), (2, False)])
def test_a_connection_that_fails_at_once_is_tried_again_once(
    settings: DatabaseSettings, connection: Connection, *, drops: int, succeeds: bool
) -> None:
    """Nothing of the work has run, so it does not matter whether it is idempotent."""

    def forward_after_drops(listener: socket.socket) -> None:
        for _ in range(drops):
            listener.accept()[0].close()
        with suppress(OSError):  # the test is over
            client = listener.accept()[0]
            with client, socket.create_connection((settings.host, settings.port)) as server:
                threading.Thread(target=pump, args=(client, server), daemon=True).start()
                pump(server, client)

    work = Work(connection)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=forward_after_drops, args=(listener,), daemon=True).start()
        with closing(Database(replace(settings, port=listener.getsockname()[1]))) as database:
            if succeeds:
                database.run(work, idempotent=False)
            else:
                with pytest.raises(DatabaseUnavailable):
                    database.run(work, idempotent=False)
    assert work.calls == int(succeeds)


def test_a_full_server(checkout: Project, settings_of: SettingsOf) -> None:
    """1040 when all connections are taken; as soon as one is free, it is used."""
    with temporary_server(checkout, options=("--max-connections=10",)) as server, ExitStack() as stack:
        settings = settings_of(server)
        taken = [stack.enter_context(closing(Database(settings))) for _ in range(10)]
        for database in taken:
            database.check()
        late = stack.enter_context(closing(Database(settings)))
        with pytest.raises(DatabaseUnavailable) as caught:
            late.check()
        assert str(caught.value) == f"127.0.0.1:{server.port}: Too many connections"
        taken[0].close()
        late.check()


def test_a_server_that_stops_answering(checkout: Project, settings_of: SettingsOf) -> None:
    """A kept connection to a host that is gone costs the connect timeout twice: to notice, to try again."""
    with temporary_server(checkout) as server:
        pid = int((server.socket.parent / "mariadb.pid").read_text())
        settings = replace(settings_of(server), connect_timeout_seconds=1, read_timeout_seconds=30)
        with closing(Database(settings)) as database:
            database.check()
            os.kill(pid, signal.SIGSTOP)
            started = monotonic()
            with pytest.raises(DatabaseUnavailable):
                database.check()
            elapsed = monotonic() - started
            os.kill(pid, signal.SIGCONT)
            database.check()
    assert elapsed < 15  # the read timeout is 30


def test_a_password_mode_function_does_not_pay_for_the_sdk() -> None:
    """boto3 would double the time of a cold start."""
    modules = subprocess.run(
        [sys.executable, "-c", "import lib.database, lib.migrations, lib.users, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {"boto3", "botocore", "pydantic"}.isdisjoint(modules)
