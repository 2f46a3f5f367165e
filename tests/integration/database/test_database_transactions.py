"""Transactions: when they are committed, rolled back and repeated."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pymysql
import pytest
from pymysql.connections import Connection

from lib.database import Database, Transaction
from lib.settings import DatabaseSettings
from tests.integration.database.notes import Work, connection_id, insert, notes


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
