"""Apply what is pending, one process at a time."""

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pymysql import err
from pymysql.connections import Connection
from pymysql.cursors import Cursor

from lib.database.failures import DatabaseUnavailable, means_lost
from lib.migrations.failures import MigrationError
from lib.migrations.files import Migration, read_migrations
from lib.migrations.ledger import (
    create_ledger,
    forget_start,
    note_finish,
    note_start,
    read_ledger,
    unapplied,
)
from lib.migrations.schema import fingerprint

# Locks are server-wide, and their names have at most 64 characters.
_LOCK = "CONCAT('migrations:', SHA1(DATABASE()))"

# A session whose client vanished must not keep the lock for eight hours, the default; and DDL that waits for
# a table keeps everybody else waiting behind it, by default for a day.
_SESSION = "SET SESSION wait_timeout = 300, lock_wait_timeout = 15"


def apply(connection: Connection, directory: Path, *, lock_timeout_seconds: int = 60) -> list[str]:
    """Apply what is pending; return the names applied, in order ("0001_create_users").

    One process migrates at a time; others wait up to `lock_timeout_seconds` and then find nothing to do. The
    connection has to be direct (RDS Proxy doesn't keep GET_LOCK) and in autocommit mode
    (lib.database.connect). Raises MigrationError, and DatabaseUnavailable when the connection is lost: then
    the next call carries on.
    """
    migrations = read_migrations(directory)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_SESSION)
        with _locked(connection, lock_timeout_seconds):
            create_ledger(connection)
            applied = _settle_unfinished(connection)
            for migration in unapplied(migrations, read_ledger(connection)):
                _apply_one(connection, migration)
                applied.append(migration.name)
            return applied
    except err.MySQLError as error:
        if means_lost(error):
            raise DatabaseUnavailable(str(error)) from error
        raise


def pending(connection: Connection, directory: Path) -> list[str]:
    """Names of the migrations that `apply` would apply; changes nothing. Raises MigrationError."""
    finished = [entry for entry in read_ledger(connection) if entry.is_finished]
    return [migration.name for migration in unapplied(read_migrations(directory), finished)]


@contextmanager
def _locked(connection: Connection, timeout_seconds: int) -> Iterator[None]:
    """Hold the lock of this database's migrations; the server releases it when the connection ends."""
    deadline = time.monotonic() + timeout_seconds
    with connection.cursor() as cursor:
        # Short waits, since a long one would end with the connection's read timeout.
        while not _get_lock(cursor, seconds=1):
            if time.monotonic() >= deadline:
                cursor.execute(f"SELECT IS_USED_LOCK({_LOCK})")
                holder = cursor.fetchall()[0][0]
                raise MigrationError(
                    f"another process has been migrating for more than {timeout_seconds} s"
                    f" (connection {holder}); wait for it, or end it with KILL {holder}"
                )
    try:
        yield
    finally:
        with contextlib.suppress(err.MySQLError), connection.cursor() as cursor:
            cursor.execute(f"SELECT RELEASE_LOCK({_LOCK})")


def _get_lock(cursor: Cursor, seconds: int) -> bool:
    cursor.execute(f"SELECT GET_LOCK({_LOCK}, %s)", (seconds,))
    return bool(cursor.fetchall()[0][0])


def _settle_unfinished(connection: Connection) -> list[str]:
    """Find out whether the statement of a killed process happened: then note it, else forget its start."""
    settled = []
    for entry in read_ledger(connection):
        if entry.is_finished:
            continue
        if fingerprint(connection) == entry.schema_before:
            forget_start(connection, entry.version)
        else:
            note_finish(connection, entry.version)
            settled.append(entry.name)
    return settled


def _apply_one(connection: Connection, migration: Migration) -> None:
    try:
        if migration.statement.changes_schema:
            _change_schema(connection, migration)
        else:
            _change_rows(connection, migration)
    except err.MySQLError as error:
        if means_lost(error):
            raise
        raise MigrationError(f"{migration.name}: {error.args[-1]} ({error.args[0]})") from error


def _change_schema(connection: Connection, migration: Migration) -> None:
    note_start(connection, migration, fingerprint(connection))
    try:
        with connection.cursor() as cursor:
            cursor.execute(migration.statement.sql)
    except err.MySQLError as error:
        # The server says that it did not happen. If the connection was lost, the next call finds out.
        if not means_lost(error):
            forget_start(connection, migration.version)
        raise
    note_finish(connection, migration.version)


def _change_rows(connection: Connection, migration: Migration) -> None:
    connection.begin()
    try:
        with connection.cursor() as cursor:
            cursor.execute(migration.statement.sql)
        note_start(connection, migration, schema_before="")
        note_finish(connection, migration.version)
        connection.commit()
    except err.MySQLError as error:
        if not means_lost(error):
            connection.rollback()
        raise
