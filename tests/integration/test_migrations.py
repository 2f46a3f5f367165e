"""Migrations in a real MariaDB: in order, those that fail, and two at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from pymysql.connections import Connection

from lib.database import DatabaseUnavailable, connect
from lib.migrations import MigrationError, apply, pending
from lib.settings import DatabaseSettings
from tests.integration.counters import MIGRATIONS, NAMES, assert_applied_once, rows, wait_for, write

pytestmark = pytest.mark.usefixtures("empty_settings")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return write(tmp_path / "migrations", MIGRATIONS)


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
