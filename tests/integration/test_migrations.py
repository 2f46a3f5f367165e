"""Migrations in a real MariaDB: one after the other, two at once, and killed anywhere."""

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from pymysql.connections import Connection

from lib.database import DatabaseUnavailable, connect
from lib.migrations import MigrationError, apply, pending
from lib.settings import DatabaseSettings

# Every kind of statement, none of which could be run twice without an error or another result.
MIGRATIONS = {
    "0001_create_counters": "CREATE TABLE counters (id INT AUTO_INCREMENT PRIMARY KEY, n INT NOT NULL)",
    "0002_add_counter": "INSERT INTO counters (n) VALUES (0), (10)",
    "0003_count": "UPDATE counters SET n = n + 1 WHERE n < 10",
    "0004_add_name": "ALTER TABLE counters ADD COLUMN name VARCHAR(20) NOT NULL DEFAULT 'a;b' AFTER id",
    "0005_index_name": "CREATE INDEX counters_by_name ON counters (name)",
    "0006_create_log": "CREATE TABLE log (n INT) -- a comment with a ; in it",
    "0007_log_changes": (
        "CREATE TRIGGER log_changes AFTER UPDATE ON counters FOR EACH ROW"
        " BEGIN INSERT INTO log VALUES (OLD.n); INSERT INTO log VALUES (NEW.n); END"
    ),
    "0008_count": "UPDATE counters SET n = n + 1 WHERE n < 10",
    "0009_rename_log": "RENAME TABLE log TO changes",
    "0010_show_names": "CREATE VIEW names AS SELECT name FROM counters",
    "0011_drop_trigger": "DROP TRIGGER log_changes",
    "0012_shorten_name": "ALTER TABLE counters MODIFY name VARCHAR(10) NULL",
    "0013_delete": "DELETE FROM counters WHERE n = 10",
}
NAMES = list(MIGRATIONS)


def write(directory: Path, migrations: Mapping[str, str]) -> Path:
    directory.mkdir(exist_ok=True)
    for name, statement in migrations.items():
        (directory / f"{name}.sql").write_text(f"{statement};\n")
    return directory


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return write(tmp_path / "migrations", MIGRATIONS)


@pytest.fixture(autouse=True)
def _empty(empty_settings: DatabaseSettings) -> None:
    """Each test starts with an empty database."""


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def assert_applied_once(connection: Connection) -> None:
    """Every statement happened once, and the ledger knows."""
    assert rows(connection, "SELECT n, name FROM counters") == [(2, "a;b")]
    assert sorted(rows(connection, "SELECT * FROM changes")) == [(1,), (2,)]
    assert rows(connection, "SELECT * FROM names") == [("a;b",)]
    ledger = rows(connection, "SELECT name, finished_at IS NULL FROM schema_migrations ORDER BY version")
    assert ledger == [(name, 0) for name in NAMES]


def test_all_are_applied_in_order(connection: Connection, directory: Path) -> None:
    """And named, once."""
    assert pending(connection, directory) == NAMES
    assert apply(connection, directory) == NAMES
    assert_applied_once(connection)
    assert pending(connection, directory) == []
    assert apply(connection, directory) == []


def test_asking_what_is_pending_changes_nothing(connection: Connection, directory: Path) -> None:
    """A reader may ask, before there is a ledger."""
    pending(connection, directory)
    assert rows(connection, "SHOW TABLES") == []


def test_a_session_waits_for_nobody_for_long(connection: Connection, tmp_path: Path) -> None:
    """By default a vanished client keeps the lock for 8 h; DDL that waits for a table, everybody for 24 h."""
    statement = "CREATE TABLE waits AS SELECT @@wait_timeout AS of_clients, @@lock_wait_timeout AS of_tables"
    apply(connection, write(tmp_path / "waits", {"0001_waits": statement}))
    assert rows(connection, "SELECT of_clients, of_tables FROM waits") == [(300, 15)]


def test_later_migrations_are_added(connection: Connection, directory: Path) -> None:
    apply(connection, directory)
    write(directory, {"0014_more": "CREATE TABLE more (id INT PRIMARY KEY)"})
    assert apply(connection, directory) == ["0014_more"]


class TestFailure:
    @pytest.mark.parametrize(
        ("statement", "message"),
        [
            (
                "CREATE TABLE counters (id INT)",
                "0014_wrong: Table 'counters' already exists (1050)",
            ),
            (
                "INSERT INTO counters (id, n) VALUES (2, 2), (2, 3)",
                "0014_wrong: Duplicate entry '2' for key 'PRIMARY' (1062)",
            ),
            (
                "CREATE UNIQUE INDEX once ON changes (nothing)",
                "0014_wrong: Key column 'nothing' doesn't exist in table (1072)",
            ),
            (
                "UPDATE counters SET name = 'much too long a name'",
                "0014_wrong: Data too long for column 'name' at row 1 (1406)",
            ),
        ],
    )
    def test_names_the_migration_and_leaves_nothing(
        self, connection: Connection, directory: Path, statement: str, message: str
    ) -> None:
        """The file may be mended and applied again; those before it stay applied."""
        write(directory, {"0014_wrong": statement, "0015_later": "CREATE TABLE later (id INT)"})
        with pytest.raises(MigrationError) as caught:
            apply(connection, directory)
        assert caught.value.problems == (message,)
        assert_applied_once(connection)
        write(directory, {"0014_wrong": "UPDATE counters SET name = 'short'"})
        assert apply(connection, directory) == ["0014_wrong", "0015_later"]

    def test_an_edited_file_stops_everything(self, connection: Connection, directory: Path) -> None:
        apply(connection, directory)
        write(directory, {"0003_count": "UPDATE counters SET n = 7", "0014_new": "DELETE FROM counters"})
        for ask in (apply, pending):
            with pytest.raises(MigrationError) as caught:
                ask(connection, directory)
            assert caught.value.problems == (
                "0003_count was edited after it had been applied; restore it, and add another",
            )
        assert_applied_once(connection)

    def test_a_lost_connection_is_not_the_migrations_fault(
        self, connection: Connection, directory: Path, empty_settings: DatabaseSettings
    ) -> None:
        """The caller may try again at once, or be called again."""
        write(directory, {"0014_slow": "UPDATE counters SET name = SLEEP(5)"})
        with closing(connect(empty_settings)) as other, ThreadPoolExecutor(1) as pool:
            thread = other.thread_id()  # type: ignore[no-untyped-call]
            applying = pool.submit(apply, other, directory)
            wait_for(lambda: "SLEEP" in str(rows(connection, "SHOW PROCESSLIST")))
            connection.query(f"KILL {thread}")
            with pytest.raises(DatabaseUnavailable):
                applying.result()


class TestTwoAtOnce:
    def test_share_the_work(self, directory: Path, empty_settings: DatabaseSettings) -> None:
        """The second waits, then finds nothing to do; and so do the third and fourth."""

        def migrate(_: int) -> list[str]:
            with closing(connect(empty_settings)) as connection:
                return apply(connection, directory)

        with ThreadPoolExecutor(4) as pool:
            applied = sorted(pool.map(migrate, range(4)), key=len)
        assert applied == [[], [], [], NAMES]

    def test_a_wait_that_is_too_long_ends(
        self, connection: Connection, directory: Path, empty_settings: DatabaseSettings
    ) -> None:
        """The message says who holds the lock."""
        with closing(connect(empty_settings)) as other:
            rows(other, "SELECT GET_LOCK(CONCAT('migrations:', SHA1(DATABASE())), 0)")
            holder = other.thread_id()  # type: ignore[no-untyped-call]
            with pytest.raises(MigrationError) as caught:
                apply(connection, directory, lock_timeout_seconds=1)
        assert str(caught.value) == (
            "another process has been migrating for more than 1 s"
            f" (connection {holder}); wait for it, or end it with KILL {holder}"
        )

    def test_another_database_is_not_waited_for(self, connection: Connection, directory: Path) -> None:
        """Locks are the server's, and two stages may share one."""
        rows(connection, "SELECT GET_LOCK(CONCAT('migrations:', SHA1('another')), 0)")
        assert apply(connection, directory, lock_timeout_seconds=0) == NAMES


class DeathError(BaseException):
    """What a process does not notice."""


class Fate:
    """Ends a connection without a word, before or after the given number of commands has been carried out."""

    def __init__(self, connection: Connection, commands: int, *, before: bool) -> None:
        self.is_fulfilled = False
        self._connection = connection
        self._commands = commands
        self._before = before

    def strike(self, command: Callable[..., Any]) -> Callable[..., Any]:
        def carry_out(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  of any of a connection's methods
            self._commands -= 1
            if self._commands == 0 and self._before:
                self._die()
            result = command(*arguments, **options)
            if self._commands == 0:
                self._die()
            return result

        return carry_out

    def _die(self) -> None:
        self.is_fulfilled = True
        self._connection._force_close()  # type: ignore[attr-defined]  # noqa: SLF001  as the kernel would
        raise DeathError


class TestKilled:
    @pytest.mark.parametrize("before", [True, False], ids=["before it is sent", "after it was answered"])
    def test_at_each_command(
        self,
        connection: Connection,
        directory: Path,
        empty_settings: DatabaseSettings,
        monkeypatch: pytest.MonkeyPatch,
        *,
        before: bool,
    ) -> None:
        """A process dies at its first command, the next at its second: nothing is lost or done twice."""
        commands = 0
        is_fulfilled = True
        while is_fulfilled:
            commands += 1
            with closing(connect(empty_settings)) as mortal:
                fate = Fate(mortal, commands, before=before)
                for name in ("query", "begin", "commit"):
                    monkeypatch.setattr(mortal, name, fate.strike(getattr(mortal, name)))
                with suppress(DeathError):
                    apply(mortal, directory)
                monkeypatch.undo()
            is_fulfilled = fate.is_fulfilled
        assert commands > 15  # since each migration needs several, and later processes find less to do
        assert_applied_once(connection)

    @pytest.mark.parametrize("at", range(1, 160, 5))
    def test_once(
        self,
        connection: Connection,
        directory: Path,
        empty_settings: DatabaseSettings,
        monkeypatch: pytest.MonkeyPatch,
        at: int,
    ) -> None:
        """One process dies anywhere, the next one carries on to the end."""
        with closing(connect(empty_settings)) as mortal:
            fate = Fate(mortal, at, before=False)
            for name in ("query", "begin", "commit"):
                monkeypatch.setattr(mortal, name, fate.strike(getattr(mortal, name)))
            with suppress(DeathError):
                apply(mortal, directory)
            monkeypatch.undo()
        apply(connection, directory)
        assert_applied_once(connection)

    def test_by_the_system_at_any_time(
        self, connection: Connection, directory: Path, empty_settings: DatabaseSettings
    ) -> None:
        """SIGKILL, while the server is at work, or is not."""
        chance = random.Random(2)  # noqa: S311  no secret
        for _ in range(20):
            process = subprocess.Popen(
                [sys.executable, "-c", MIGRATE, json.dumps(asdict(empty_settings)), str(directory)],
                stdout=subprocess.PIPE,
            )
            with process:
                assert process.stdout
                assert process.stdout.readline() == b"connected\n"
                sleep(chance.uniform(0, 0.03))
                process.send_signal(signal.SIGKILL)
        apply(connection, directory)
        assert_applied_once(connection)

    def test_while_the_server_carries_on(
        self, connection: Connection, directory: Path, empty_settings: DatabaseSettings
    ) -> None:
        """The server finishes what a killed client has asked for; the next client waits for that."""
        write(directory, {"0014_slow": "CREATE TABLE slow AS SELECT SLEEP(1) AS slept"})
        process = subprocess.Popen(
            [sys.executable, "-c", MIGRATE, json.dumps(asdict(empty_settings)), str(directory)],
            stdout=subprocess.DEVNULL,
        )
        with process:
            wait_for(lambda: "SLEEP(1)" in str(rows(connection, "SHOW PROCESSLIST")))
            process.send_signal(signal.SIGKILL)
        assert apply(connection, directory) == ["0014_slow"]
        assert rows(connection, "SELECT slept FROM slow") == [(0,)]

    def test_rows_that_arrive_meanwhile_are_not_taken_for_a_change_of_the_schema(
        self, connection: Connection, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The application goes on: AUTO_INCREMENT counts, tables grow."""
        apply(connection, directory)
        write(directory, {"0014_index": "CREATE INDEX counters_by_n ON counters (n)"})
        real = connection.query

        def die_at_the_index(sql: str, *, unbuffered: bool = False) -> int:
            if "counters_by_n" in sql:
                raise DeathError
            return int(real(sql, unbuffered=unbuffered))

        monkeypatch.setattr(connection, "query", die_at_the_index)
        with pytest.raises(DeathError):
            apply(connection, directory)
        monkeypatch.undo()
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO counters (n) VALUES (%s)", [(n,) for n in range(100)])
        assert apply(connection, directory) == ["0014_index"]
        assert len(rows(connection, "SHOW INDEX FROM counters WHERE Key_name = 'counters_by_n'")) == 1


MIGRATE = """
import json, sys
from pathlib import Path
from lib.database import connect
from lib.migrations import apply
from lib.settings import DatabaseSettings
connection = connect(DatabaseSettings(**json.loads(sys.argv[1])))
print("connected", flush=True)
apply(connection, Path(sys.argv[2]))
"""


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        sleep(0.01)
    raise TimeoutError
