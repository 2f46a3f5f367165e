"""Servers that can't be used: absent, mute, slow, full, or gone for a while."""

import errno
import os
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from lib.database import Database, DatabaseUnavailable, Transaction
from lib.settings import DatabaseSettings
from tests.integration.database.notes import insert
from toolchain.local.mariadb import DatabaseServer, temporary_server
from toolchain.project import Project

SettingsOf = Callable[[DatabaseServer], DatabaseSettings]


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
        _check_until_it_works(late)


def test_a_server_that_stops_answering(checkout: Project, settings_of: SettingsOf) -> None:
    """A kept connection to a host that is gone costs the connect timeout twice: to notice, to try again."""
    with temporary_server(checkout) as server:
        pid = int((server.socket.parent / "mariadb.pid").read_text())
        settings = replace(settings_of(server), connect_timeout_seconds=1, read_timeout_seconds=30)
        with closing(Database(settings)) as database:
            database.check()
            _stop(pid)
            started = monotonic()
            with pytest.raises(DatabaseUnavailable):
                database.check()
            elapsed = monotonic() - started
            os.kill(pid, signal.SIGCONT)
            database.check()
    assert elapsed < 15  # the read timeout is 30


def _check_until_it_works(database: Database) -> None:
    """The server takes a moment to notice that a client has gone."""
    until = monotonic() + 10
    while True:
        try:
            return database.check()
        except DatabaseUnavailable:
            if monotonic() > until:
                raise


def _stop(pid: int) -> None:
    """Returns when no thread of the process runs any more: one could still answer."""
    os.kill(pid, signal.SIGSTOP)
    if not Path("/proc/self/task").exists():  # macOS
        sleep(0.5)
    while any(_state(thread) != "T" for thread in Path(f"/proc/{pid}/task").glob("*")):
        sleep(0.01)


def _state(thread: Path) -> str:
    """T: stopped. It follows the name, which is in brackets."""
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]
