"""The database of a function: one connection per warm container.

    database = Database(settings)                                # connects when it is first used
    users = database.run(lambda t: t.rows("SELECT ..."), idempotent=True)

`run` is one transaction: committed when `work` returns, rolled back when it raises.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pymysql.connections import Connection

from lib.settings import DatabaseSettings

__all__ = ["Database", "DatabaseUnavailable", "Transaction", "connect"]

type Arguments = Sequence[object] | Mapping[str, object]


class DatabaseUnavailable(Exception):
    """The database can't be reached, or has no connection to spare: answer 503, try again later."""


class Transaction:
    """What `work` is given: statements of one transaction. Placeholders are `%s` or `%(name)s`."""

    def execute(self, sql: str, arguments: Arguments = ()) -> int:
        """Run a statement that gives no rows; return how many rows it matched (found, not changed)."""
        raise NotImplementedError

    def rows(self, sql: str, arguments: Arguments = ()) -> list[dict[str, Any]]:
        """All the rows of a query, each a mapping of column to value."""
        raise NotImplementedError

    def row(self, sql: str, arguments: Arguments = ()) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        raise NotImplementedError


class Database:
    """A connection that is made when first needed, kept while it works, and replaced when it is lost."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._settings = settings

    def run[T](self, work: Callable[[Transaction], T], *, idempotent: bool) -> T:
        """Run `work` in a transaction and return what it returns.

        A stale connection (2006, 2013) is noticed before `work` starts and replaced, whatever `work` is.
        A connection lost after that runs `work` again, once, if it is `idempotent`: doing it twice has to
        be the same as doing it once, since the first time may have been committed.

        Raises DatabaseUnavailable, and pymysql.err's errors for what is wrong with the statements.
        """
        raise NotImplementedError

    def check(self) -> None:
        """Ask the server for a sign of life (for /health); raises DatabaseUnavailable."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the connection, if there is one; the next use makes another."""
        raise NotImplementedError


def connect(settings: DatabaseSettings) -> Connection:
    """A new connection of one's own, in autocommit mode: for migrations. Raises DatabaseUnavailable."""
    raise NotImplementedError
