"""Migrations: files NNNN_name.sql with one statement each, applied once and in order.

Run by functions/migrate_database at each deploy, and by the local database:

    with connect(replace(settings, read_timeout_seconds=840)) as connection:
        applied = migrations.apply(connection, Path("migrations"))
"""

from pathlib import Path

from pymysql.connections import Connection


class MigrationError(Exception):
    """A file breaks a rule, differs from what was applied, or its statement failed. `problems` has a line each."""

    problems: tuple[str, ...]


def apply(connection: Connection, directory: Path, *, lock_timeout_seconds: int = 60) -> list[str]:
    """Apply what is pending; return the names applied by this call, in order ("0001_create_users").

    Only one process migrates at a time; the others wait up to `lock_timeout_seconds` and then find nothing to do.
    The connection must be direct (GET_LOCK doesn't survive RDS Proxy) and in autocommit mode (`connect`).
    Raises MigrationError.
    """
    raise NotImplementedError


def pending(connection: Connection, directory: Path) -> list[str]:
    """Names of the migrations that `apply` would apply; changes nothing. Raises MigrationError."""
    raise NotImplementedError
