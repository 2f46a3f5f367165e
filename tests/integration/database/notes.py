"""Notes in a table, and work that loses its connection as often as it is told."""

from pymysql.connections import Connection

from lib.database import Database, Transaction


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
