"""What lib.database sets for each session, and how long its statements wait for locks."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pymysql
import pytest
from pymysql.connections import Connection

from lib.database import Database, DatabaseUnavailable, Transaction
from lib.deadline import deadline_of
from lib.settings import DatabaseSettings
from tests.integration.database.notes import connection_id, insert
from tests.unit.http_events import Context


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
