"""A real MariaDB for the tests that need one: a server of this run alone, started when first asked for."""

import os
import pwd
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import pymysql
import pytest
from pymysql.connections import Connection
from pymysql.cursors import Cursor

from lib import migrations
from lib.database import Database, connect
from lib.settings import DatabaseSettings, database_settings, reading
from toolchain.local.mariadb import DatabaseServer, temporary_server
from toolchain.project import Project


@pytest.fixture(scope="session")
def mariadb(checkout: Project) -> Iterator[DatabaseServer]:
    """The server. Its files are removed at the end; or by the next run, if this one is killed."""
    with temporary_server(checkout) as server:
        yield server


@pytest.fixture(scope="session")
def settings_of() -> Callable[[DatabaseServer], DatabaseSettings]:
    """The settings with which a function would use a server."""

    def read_settings(server: DatabaseServer) -> DatabaseSettings:
        with reading(server.environment()) as read:
            return database_settings(read)

    return read_settings


@pytest.fixture
def connection(
    mariadb: DatabaseServer, settings_of: Callable[[DatabaseServer], DatabaseSettings]
) -> Iterator[Connection]:
    """A connection in autocommit mode, to whatever is in the database."""
    with closing(connect(settings_of(mariadb))) as connection:
        yield connection


@pytest.fixture
def administrator(mariadb: DatabaseServer) -> Iterator[Connection]:
    """A connection with all rights, which the server grants to the user who started it."""
    user = pwd.getpwuid(os.geteuid()).pw_name
    with closing(pymysql.connect(unix_socket=str(mariadb.socket), user=user, autocommit=True)) as root:
        yield root


@pytest.fixture
def empty_settings(
    mariadb: DatabaseServer,
    connection: Connection,
    settings_of: Callable[[DatabaseServer], DatabaseSettings],
) -> Iterator[DatabaseSettings]:
    """Settings of a database without a single table; it is left as empty as it was found."""
    drop_everything(connection)
    yield settings_of(mariadb)
    drop_everything(connection)


def drop_everything(connection: Connection) -> None:
    """Drop all tables, with their triggers, and all views and routines."""
    with in_any_order(connection) as cursor:
        cursor.execute(
            "SELECT IF(table_type = 'VIEW', 'VIEW', 'TABLE'), table_name"
            " FROM information_schema.tables WHERE table_schema = DATABASE()"
            " UNION SELECT routine_type, routine_name"
            " FROM information_schema.routines WHERE routine_schema = DATABASE()"
        )
        for kind, name in cursor.fetchall():
            cursor.execute(f"DROP {kind} `{name}`")


def delete_rows(connection: Connection) -> None:
    """Empty all tables but the ledger of migrations."""
    with in_any_order(connection) as cursor:
        cursor.execute("SHOW FULL TABLES WHERE table_type = 'BASE TABLE'")
        for name, _ in cursor.fetchall():
            if name != "schema_migrations":
                cursor.execute(f"DELETE FROM `{name}`")  # noqa: S608  the name is the server's own


@contextmanager
def in_any_order(connection: Connection) -> Iterator[Cursor]:
    """A cursor for tables that may refer to each other, even in a circle: any of them may go first."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION foreign_key_checks = 0")
        try:
            yield cursor
        finally:
            cursor.execute("SET SESSION foreign_key_checks = 1")


@pytest.fixture
def migrated_settings(
    checkout: Project,
    mariadb: DatabaseServer,
    connection: Connection,
    settings_of: Callable[[DatabaseServer], DatabaseSettings],
) -> DatabaseSettings:
    """Settings of a database that has the project's tables, without rows."""
    migrations.apply(connection, checkout.migrations)
    delete_rows(connection)
    return settings_of(mariadb)


@pytest.fixture
def open_database(migrated_settings: DatabaseSettings) -> Iterator[Callable[[], Database]]:
    """A function that gives a Database of one's own, for tests with several clients."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(Database(migrated_settings)))


@pytest.fixture
def database(open_database: Callable[[], Database]) -> Database:
    """The project's database: all tables, no rows."""
    return open_database()
