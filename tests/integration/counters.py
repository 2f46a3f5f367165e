"""Migrations of counters, and what is in the database when each of them was applied once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from time import sleep
from typing import Any

from pymysql.connections import Connection

# Every kind of statement, none of which could be run twice without an error or another result.
MIGRATIONS = {
    "0001_create_counters": "CREATE TABLE counters (id INT AUTO_INCREMENT PRIMARY KEY, n INT NOT NULL)",
    "0002_add_counter": "INSERT INTO counters (n) VALUES (0), (10)",
    "0003_count": "UPDATE counters SET n = n + 1 WHERE n < 10",
    "0004_add_name": "ALTER TABLE counters ADD COLUMN name VARCHAR(20) NOT NULL DEFAULT 'a;b' AFTER id",
    "0005_index_name": "CREATE INDEX counters_by_name ON counters (name)",
    "0006_create_log": "CREATE TABLE log (n INT) -- a comment with a ; in it",
    "0007_log_changes": (
        "CREATE TRIGGER log_changes AFTER UPDATE ON counters FOR EACH ROW"
        " BEGIN INSERT INTO log VALUES (OLD.n); INSERT INTO log VALUES (NEW.n); END"
    ),
    "0008_count": "UPDATE counters SET n = n + 1 WHERE n < 10",
    "0009_rename_log": "RENAME TABLE log TO changes",
    "0010_show_names": "CREATE VIEW names AS SELECT name FROM counters",
    "0011_drop_trigger": "DROP TRIGGER log_changes",
    "0012_shorten_name": "ALTER TABLE counters MODIFY name VARCHAR(10) NULL",
    "0013_delete": "DELETE FROM counters WHERE n = 10",
}
NAMES = list(MIGRATIONS)


def write(directory: Path, migrations: Mapping[str, str]) -> Path:
    """Files of these migrations, in a directory that may be there."""
    directory.mkdir(exist_ok=True)
    for name, statement in migrations.items():
        (directory / f"{name}.sql").write_text(f"{statement};\n")
    return directory


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def assert_applied_once(connection: Connection) -> None:
    """Every statement happened once, and the ledger knows."""
    assert rows(connection, "SELECT n, name FROM counters") == [(2, "a;b")]
    assert sorted(rows(connection, "SELECT * FROM changes")) == [(1,), (2,)]
    assert rows(connection, "SELECT * FROM names") == [("a;b",)]
    ledger = rows(connection, "SELECT name, finished_at IS NULL FROM schema_migrations ORDER BY version")
    assert ledger == [(name, 0) for name in NAMES]


def wait_for(condition: Callable[[], bool]) -> None:
    """Raises TimeoutError after some seconds."""
    for _ in range(500):
        if condition():
            return
        sleep(0.01)
    raise TimeoutError
