"""The table that says which migrations a database has."""

from dataclasses import dataclass

from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from lib.migrations.failures import HistoryError
from lib.migrations.files import Migration

TABLE = "schema_migrations"

_CREATE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version       INT UNSIGNED NOT NULL PRIMARY KEY,
    name          VARCHAR(255) NOT NULL,
    checksum      CHAR(64)     NOT NULL,
    schema_before CHAR(64)     NOT NULL COMMENT 'empty when it was one transaction',
    started_at    DATETIME(6)  NOT NULL,
    finished_at   DATETIME(6)  NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A migration that was started, and finished unless its process was killed."""

    version: int
    name: str
    checksum: str
    schema_before: str
    is_finished: bool


def create_ledger(connection: Connection) -> None:
    """Make the table if it isn't there."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)


def read_ledger(connection: Connection) -> list[Entry]:
    """All entries in order; none when there is no table yet."""
    with connection.cursor(DictCursor) as cursor:
        cursor.execute(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = %s",
            (TABLE,),
        )
        if not cursor.fetchone():
            return []
        cursor.execute(
            "SELECT version, name, checksum, schema_before, finished_at IS NOT NULL AS is_finished"
            " FROM schema_migrations ORDER BY version"
        )
        return [Entry(**{**row, "is_finished": bool(row["is_finished"])}) for row in cursor.fetchall()]


def note_start(connection: Connection, migration: Migration, schema_before: str) -> None:
    """Write that the migration is about to be applied to a schema with that fingerprint."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO schema_migrations (version, name, checksum, schema_before, started_at)"
            " VALUES (%s, %s, %s, %s, UTC_TIMESTAMP(6))",
            (migration.version, migration.name, migration.checksum, schema_before),
        )


def note_finish(connection: Connection, version: int) -> None:
    """Write that the migration has been applied."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE schema_migrations SET finished_at = UTC_TIMESTAMP(6) WHERE version = %s", (version,)
        )


def forget_start(connection: Connection, version: int) -> None:
    """Remove the entry of a migration that had no effect."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM schema_migrations WHERE version = %s", (version,))


def unapplied(migrations: list[Migration], entries: list[Entry]) -> list[Migration]:
    """The migrations that aren't in the ledger. Raises HistoryError when the two contradict each other."""
    files = {migration.version: migration for migration in migrations}
    applied = {entry.version for entry in entries}
    problems = [problem for entry in entries if (problem := _contradiction(entry, files.get(entry.version)))]
    problems += [
        f"{migration.name} has not been applied, but a later one has: {max(applied):04}"
        for migration in migrations
        if migration.version not in applied and migration.version < max(applied, default=0)
    ]
    if problems:
        raise HistoryError(problems)
    return [migration for migration in migrations if migration.version not in applied]


def _contradiction(entry: Entry, migration: Migration | None) -> str | None:
    if migration is None:
        return f"{entry.name} has been applied, but has no file; is this checkout older than the database?"
    if migration.name != entry.name:
        return f"{migration.name} was applied as {entry.name}; give it its name back"
    if migration.checksum != entry.checksum:
        return f"{migration.name} was edited after it had been applied; restore it, and add another"
    return None
