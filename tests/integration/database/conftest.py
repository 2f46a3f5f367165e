"""A database with one table, `notes`, which is empty; tests that need another have fixtures of their own."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from pymysql.connections import Connection

from lib.database import Database
from lib.settings import DatabaseSettings


@pytest.fixture
def settings(empty_settings: DatabaseSettings, connection: Connection) -> DatabaseSettings:
    """Settings of a database with an empty table, `notes`."""
    connection.query("CREATE TABLE notes (id INT PRIMARY KEY, text VARCHAR(5) NOT NULL)")
    return empty_settings


@pytest.fixture
def database(settings: DatabaseSettings) -> Iterator[Database]:
    with closing(Database(settings)) as database:
        yield database
