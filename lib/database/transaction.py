"""The statements of one transaction."""

from typing import Any

from pymysql.connections import Connection
from pymysql.cursors import DictCursor

type Arguments = tuple[object, ...] | list[object] | dict[str, Any] | None


class Transaction:
    """What `Database.run` gives to its work. Placeholders are `%s`, or `%(name)s` with a mapping.

    Times are aware: columns are in UTC, and so is what is written, whatever its zone (lib.database.times).
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, arguments: Arguments = None) -> int:
        """Run a statement; return how many rows it wrote, or found to be so already."""
        with self._connection.cursor(DictCursor) as cursor:
            return cursor.execute(sql, arguments)

    def rows(self, sql: str, arguments: Arguments = None) -> list[dict[str, Any]]:
        """All the rows of a query, each a mapping of column to value."""
        with self._connection.cursor(DictCursor) as cursor:
            cursor.execute(sql, arguments)
            return list(cursor.fetchall())

    def row(self, sql: str, arguments: Arguments = None) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        with self._connection.cursor(DictCursor) as cursor:
            cursor.execute(sql, arguments)
            return cursor.fetchone()
