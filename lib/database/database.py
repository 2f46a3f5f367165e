"""Transactions over a connection that is kept while it works and replaced when it is lost."""

import contextlib
import functools
from collections.abc import Callable, Mapping
from typing import Self

from pymysql import err
from pymysql.connections import Connection

from lib.database.connecting import Connector, HurriedConnection
from lib.database.failures import DatabaseUnavailable, may_pass, means_lost, means_unavailable
from lib.database.transaction import Transaction
from lib.settings import DatabaseSettings, database_settings, reading


class Database:
    """One connection, made when first needed. For one thread: a container has one event at a time."""

    def __init__(self, settings: DatabaseSettings | Callable[[], DatabaseSettings]) -> None:
        self._settings = settings
        self._connection: HurriedConnection | None = None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """A database whose settings are read when it is first used; SettingsError is raised then."""

        def read_settings() -> DatabaseSettings:
            with reading(environ) as read:
                return database_settings(read)

        return cls(read_settings)

    @functools.cached_property
    def _connector(self) -> Connector:
        return Connector(self._settings() if callable(self._settings) else self._settings)

    def run[T](self, work: Callable[[Transaction], T], *, idempotent: bool) -> T:
        """Run `work` in a transaction and return what it returns.

        A stale connection (2006, 2013) is noticed before `work` starts and replaced, whatever `work` is.
        A connection lost after that, or a deadlock, runs `work` again, once, if it is `idempotent`: doing it
        twice has to be the same as doing it once, since the first time may have been committed.

        Raises DatabaseUnavailable, and pymysql.err's errors for what is wrong with the statements.
        """
        try:
            try:
                return self._attempt(work)
            except err.MySQLError as error:
                if not (idempotent and may_pass(error)):
                    raise
            return self._attempt(work)
        except err.MySQLError as error:
            if means_unavailable(error):
                raise DatabaseUnavailable(str(error)) from error
            raise

    def check(self) -> None:
        """Ask the server for a sign of life. Raises DatabaseUnavailable."""
        self.run(lambda transaction: transaction.row("SELECT 1"), idempotent=True)

    def close(self) -> None:
        """Close the connection, if there is one; the next use makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # It may be broken, or closed already.
            with contextlib.suppress(err.MySQLError):
                connection.close()

    def _attempt[T](self, work: Callable[[Transaction], T]) -> T:
        connection = self._begin()
        try:
            result = work(Transaction(connection))
            connection.commit()
        except BaseException as error:
            self._roll_back(connection, error)
            raise
        return result

    def _begin(self) -> HurriedConnection:
        """A connection that has just answered: nothing of the work has run when it had to be replaced."""
        if self._connection is not None:
            try:
                self._start(self._connection)
            except err.MySQLError as error:
                self.close()
                if not means_lost(error):
                    raise
            else:
                return self._connection
        self._connection = self._connector.open()
        self._start(self._connection)
        return self._connection

    @staticmethod
    def _start(connection: HurriedConnection) -> None:
        connection.begin()
        connection.limit_lock_waits()

    def _roll_back(self, connection: Connection, error: BaseException) -> None:
        if isinstance(error, err.MySQLError) and means_lost(error):
            self.close()
            return
        try:
            connection.rollback()
        except err.MySQLError:
            self.close()
