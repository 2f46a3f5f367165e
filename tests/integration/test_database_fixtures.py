"""The database that tests start with is empty, whatever the migrations have made."""

from collections.abc import Callable

import pytest
from pymysql.connections import Connection

from lib.settings import DatabaseSettings
from tests.integration.conftest import delete_rows, drop_everything
from tests.integration.counters import rows


@pytest.fixture(autouse=True)
def _shelves(connection: Connection, empty_settings: DatabaseSettings) -> None:  # noqa: ARG001  made before
    """A table that others refer to, and whose name comes before theirs; and a view that no rows can leave."""
    for statement in (
        "CREATE TABLE shelves (id INT PRIMARY KEY)",
        "CREATE TABLE things (shelf INT NOT NULL, FOREIGN KEY (shelf) REFERENCES shelves (id))",
        "CREATE VIEW taken AS SELECT COUNT(*) AS shelves FROM shelves",
        "INSERT INTO shelves VALUES (1)",
        "INSERT INTO things VALUES (1)",
    ):
        connection.query(statement)


def test_rows_are_deleted_whatever_refers_to_them(connection: Connection) -> None:
    delete_rows(connection)
    assert rows(connection, "SELECT * FROM things UNION SELECT * FROM shelves") == []


def test_tables_are_dropped_whatever_refers_to_them(connection: Connection) -> None:
    drop_everything(connection)
    assert rows(connection, "SHOW TABLES") == []


@pytest.mark.parametrize("remove", [delete_rows, drop_everything])
def test_keys_are_checked_again(connection: Connection, remove: Callable[[Connection], None]) -> None:
    """The test has the same connection, and is to see what a function would."""
    remove(connection)
    assert rows(connection, "SELECT @@foreign_key_checks") == [(1,)]
