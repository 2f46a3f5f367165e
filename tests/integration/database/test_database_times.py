"""Times that are written and read: aware, whatever zone they are in, and UTC in the columns."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pymysql.connections import Connection

from lib.database import Database, Transaction
from lib.http.encoding import to_json
from tests.integration.counters import rows

NOON = datetime(2026, 1, 31, 12, 0, 0, 250_000, tzinfo=UTC)
IN_PARIS = NOON.astimezone(timezone(timedelta(hours=1)))


@pytest.fixture(autouse=True)
def _events(settings: object, connection: Connection) -> None:  # noqa: ARG001  empty before
    connection.query("CREATE TABLE events (at DATETIME(6), stamp TIMESTAMP(6) NULL)")


def written(database: Database, *times: datetime | None) -> dict[str, Any]:
    """The row that is read after these times have been written."""

    def write(transaction: Transaction) -> dict[str, Any] | None:
        transaction.execute("INSERT INTO events VALUES (%s, %s)", times)
        return transaction.row("SELECT at, stamp FROM events")

    row = database.run(write, idempotent=False)
    assert row
    return row


def test_columns_are_read_as_times_in_utc(database: Database) -> None:
    """So a handler can return them."""
    row = written(database, NOON, NOON)
    assert row == {"at": NOON, "stamp": NOON}
    assert to_json(row) == '{"at":"2026-01-31T12:00:00.250000Z","stamp":"2026-01-31T12:00:00.250000Z"}'


def test_times_of_other_zones_are_written_in_utc(database: Database, connection: Connection) -> None:
    """Both kinds of columns have the same, and comparisons count in it, too."""
    assert written(database, IN_PARIS, IN_PARIS) == {"at": NOON, "stamp": NOON}
    texts = rows(connection, "SELECT CAST(at AS CHAR), CAST(stamp AS CHAR) FROM events")
    assert texts == [("2026-01-31 12:00:00.250000",) * 2]
    query = "SELECT COUNT(*) AS n FROM events WHERE at = %s AND stamp = %s"
    assert database.run(lambda t: t.row(query, (IN_PARIS, IN_PARIS)), idempotent=True) == {"n": 1}


def test_a_time_without_a_zone_is_one_in_utc(database: Database) -> None:
    assert written(database, NOON.replace(tzinfo=None), None) == {"at": NOON, "stamp": None}
