"""Read migrations from their directory."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from lib.migrations.failures import MigrationError
from lib.migrations.statement import Statement, parse_statement

_NAME = re.compile(r"(\d{4})_[a-z0-9]+(_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. `name` is "0001_create_users", `checksum` the SHA-256 of its text with Unix line ends."""

    version: int
    name: str
    checksum: str
    statement: Statement


def read_migrations(directory: Path) -> list[Migration]:
    """All migrations, in order. Raises MigrationError with the problems of all files.

    None at all is a problem too: a package that lacks them must not pass for a database that is up to date.
    """
    problems: list[str] = []
    migrations: list[Migration] = []
    paths = sorted(directory.glob("*.sql"))
    if not paths:
        raise MigrationError(f"{directory}: there are no migrations (NNNN_name.sql)")
    for path in paths:
        found = parse_migration(path.stem, path.read_bytes())
        if isinstance(found, Migration):
            migrations.append(found)
        else:
            problems.append(f"{directory.name}/{path.name}: {found}")
    # Numbers are judged when every file has one: a file that is wrong would also be reported as missing.
    problems = problems or _check_numbers(migrations, directory.name)
    if problems:
        raise MigrationError(problems)
    return migrations


def parse_migration(name: str, content: bytes) -> Migration | str:
    """Give the migration of a file, or what is wrong with it."""
    match = _NAME.fullmatch(name)
    if not match:
        return "the name is not NNNN_name.sql (four digits, then a-z, 0-9 and _)"
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return "the text is not UTF-8"
    statement = parse_statement(text)
    if isinstance(statement, str):
        return statement
    return Migration(int(match[1]), name, hashlib.sha256(text.encode()).hexdigest(), statement)


def _check_numbers(migrations: list[Migration], directory: str) -> list[str]:
    """Numbers start at 1 and have no gaps, so that two branches that add a migration each collide."""
    problems = []
    previous = 0
    for migration in migrations:
        if migration.version == previous:
            problems.append(f"{directory}/{migration.name}.sql: its number is taken; use the next free one")
        elif migration.version != previous + 1:
            problems.append(f"{directory}/{migration.name}.sql: there is no {previous + 1:04} before it")
        previous = migration.version
    return problems
