"""Connections that are lost, or fail at once: what is repeated, and what is not."""

import socket
import threading
from contextlib import closing, suppress
from dataclasses import replace

import pytest
from pymysql.connections import Connection

from lib.database import Database, DatabaseUnavailable, Transaction
from lib.settings import DatabaseSettings
from tests.integration.database.notes import Work, connection_id, insert, kill, notes


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
