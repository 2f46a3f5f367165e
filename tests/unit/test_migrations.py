"""Migrations before they meet a database: their files, their one statement, and the ledger."""

from pathlib import Path

import pytest

from lib.migrations.failures import MigrationError
from lib.migrations.files import Migration, parse_migration, read_migrations
from lib.migrations.ledger import Entry, unapplied
from lib.migrations.statement import Statement, parse_statement

VERBS = "use CREATE, ALTER, DROP, RENAME, INSERT, UPDATE, DELETE, REPLACE"
OBJECTS = "use it for TABLE, INDEX, VIEW, SEQUENCE, TRIGGER, PROCEDURE, FUNCTION, EVENT"


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("CREATE TABLE a (b INT)", "CREATE TABLE a (b INT)"),
        ("-- why\nCREATE TABLE a (b INT);\n-- end;\n", "CREATE TABLE a (b INT)"),
        ("/* ; */ # ;\nCREATE TABLE a (b INT);;", "CREATE TABLE a (b INT)"),
        ("CREATE TABLE a (b INT) -- ;\n;", "CREATE TABLE a (b INT)"),
        (
            "create table a (b varchar(9) comment 'it''s; \\'so\\'');",
            "create table a (b varchar(9) comment 'it''s; \\'so\\'')",
        ),
        ('ALTER TABLE `a;b` ADD c INT COMMENT ";"', 'ALTER TABLE `a;b` ADD c INT COMMENT ";"'),
        ("CREATE UNIQUE INDEX i ON t (c)", "CREATE UNIQUE INDEX i ON t (c)"),
        (
            "CREATE OR REPLACE SQL SECURITY INVOKER VIEW v AS SELECT 1",
            "CREATE OR REPLACE SQL SECURITY INVOKER VIEW v AS SELECT 1",
        ),
        (
            "CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW BEGIN SET @a = 1; SET @b = 2; END;\n",
            "CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW BEGIN SET @a = 1; SET @b = 2; END",
        ),
        ("RENAME TABLE a TO b, c TO d", "RENAME TABLE a TO b, c TO d"),
    ],
)
def test_ddl(text: str, sql: str) -> None:
    """Semicolons and quotes count where the server counts them; what follows the statement is left out."""
    assert parse_statement(text) == Statement(sql, changes_schema=True)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO a VALUES (1, 'x;y')",
        "UPDATE a SET b = 5 -- 3\n+ 1",
        "DELETE FROM a",
        "REPLACE INTO a VALUES (1)",
    ],
)
def test_changes_of_rows(text: str) -> None:
    """They are one transaction with the ledger."""
    assert parse_statement(text) == Statement(text, changes_schema=False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "there is no statement"),
        (" -- nothing\n/* ; */ ;", "there is no statement"),
        (
            "CREATE TABLE a (b INT); DROP TABLE c;",
            "there are 2 statements; put each in a migration of its own",
        ),
        (
            "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\nINSERT INTO a VALUES (3)",
            "there are 3 statements; put each in a migration of its own",
        ),
        ("INSERT INTO a VALUES ('b)", "a string, quoted name or comment is not closed"),
        ("DROP TABLE `a", "a string, quoted name or comment is not closed"),
        ("DROP TABLE a /* b", "a string, quoted name or comment is not closed"),
        ("TRUNCATE TABLE a", f"TRUNCATE can't be a migration; {VERBS}"),
        ("select 1", f"SELECT can't be a migration; {VERBS}"),
        ("/*!40101 SET NAMES utf8 */", f"/*! can't be a migration; {VERBS}"),
        ("DELIMITER //", f"DELIMITER can't be a migration; {VERBS}"),
        ("CREATE USER a", f"CREATE of this can't be a migration; {OBJECTS}"),
        ("CREATE TEMPORARY TABLE a (b INT)", f"CREATE of this can't be a migration; {OBJECTS}"),
        ("DROP TABLE a, b", "DROP TABLE of several is not atomic; put each in a migration of its own"),
        (
            "ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b",
            "EXCHANGE PARTITION leaves no trace in the schema; use INSERT and DELETE",
        ),
    ],
)
def test_what_can_not_be_a_migration(text: str, problem: str) -> None:
    assert parse_statement(text) == problem


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        (
            "1_users",
            b"DELETE FROM a",
            "the name is not NNNN_name.sql (four digits, then a-z, 0-9 and _)",
        ),
        (
            "0001_Users",
            b"DELETE FROM a",
            "the name is not NNNN_name.sql (four digits, then a-z, 0-9 and _)",
        ),
        ("0001_users", b"DELETE FROM \xff", "the text is not UTF-8"),
        ("0001_users", b"", "there is no statement"),
    ],
)
def test_a_file_that_is_no_migration(name: str, content: bytes, problem: str) -> None:
    assert parse_migration(name, content) == problem


def test_a_checksum_does_not_depend_on_the_line_ends() -> None:
    """Git may check a file out with either."""
    unix = parse_migration("0001_a", b"DELETE\nFROM a")
    windows = parse_migration("0001_a", b"\xef\xbb\xbfDELETE\r\nFROM a")
    assert isinstance(unix, Migration)
    assert unix == windows


def write(directory: Path, *names: str, content: str = "DELETE FROM a") -> Path:
    directory.mkdir()
    for name in names:
        (directory / name).write_text(content)
    return directory


def test_no_files_are_a_mistake(tmp_path: Path) -> None:
    """A package that was built without them must not pass for a database that is up to date."""
    for directory in (tmp_path / "absent", write(tmp_path / "migrations", "README.md")):
        with pytest.raises(MigrationError) as caught:
            read_migrations(directory)
        assert str(caught.value) == f"{directory}: there are no migrations (NNNN_name.sql)"


def test_files_are_read_in_order(tmp_path: Path) -> None:
    """Only .sql files are migrations."""
    directory = write(tmp_path / "migrations", "0002_b.sql", "0001_a.sql", "README.md")
    assert [migration.name for migration in read_migrations(directory)] == ["0001_a", "0002_b"]


@pytest.mark.parametrize(
    ("names", "problems"),
    [
        (("0002_a.sql",), ("migrations/0002_a.sql: there is no 0001 before it",)),
        (("0000_a.sql",), ("migrations/0000_a.sql: its number is taken; use the next free one",)),
        (
            ("0001_a.sql", "0001_b.sql", "0004_c.sql"),
            (
                "migrations/0001_b.sql: its number is taken; use the next free one",
                "migrations/0004_c.sql: there is no 0002 before it",
            ),
        ),
        (
            ("a.sql", "b.sql"),
            (
                "migrations/a.sql: the name is not NNNN_name.sql (four digits, then a-z, 0-9 and _)",
                "migrations/b.sql: the name is not NNNN_name.sql (four digits, then a-z, 0-9 and _)",
            ),
        ),
    ],
)
def test_numbers_have_no_gaps(tmp_path: Path, names: tuple[str, ...], problems: tuple[str, ...]) -> None:
    """Two branches that add a migration each get a conflict here, and not in production."""
    with pytest.raises(MigrationError) as caught:
        read_migrations(write(tmp_path / "migrations", *names))
    assert caught.value.problems == problems


def migration(version: int, name: str, content: str = "DELETE FROM a") -> Migration:
    found = parse_migration(f"{version:04}_{name}", content.encode())
    assert isinstance(found, Migration)
    return found


def entry(applied: Migration) -> Entry:
    return Entry(applied.version, applied.name, applied.checksum, "", is_finished=True)


A, B, C = migration(1, "a"), migration(2, "b"), migration(3, "c")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [([], [A, B, C]), ([entry(A)], [B, C]), ([entry(A), entry(B), entry(C)], [])],
)
def test_what_is_not_in_the_ledger_is_pending(entries: list[Entry], expected: list[Migration]) -> None:
    assert unapplied([A, B, C], entries) == expected


@pytest.mark.parametrize(
    ("entries", "problems"),
    [
        (
            [entry(migration(1, "a", "DELETE FROM b"))],
            ("0001_a was edited after it had been applied; restore it, and add another",),
        ),
        ([entry(migration(1, "x"))], ("0001_a was applied as 0001_x; give it its name back",)),
        (
            [entry(A), entry(B), entry(C), entry(migration(4, "d"))],
            ("0004_d has been applied, but has no file; is this checkout older than the database?",),
        ),
        (
            [entry(B), entry(migration(3, "c", "DELETE FROM x"))],
            (
                "0001_a has not been applied, but a later one has: 0003",
                "0003_c was edited after it had been applied; restore it, and add another",
            ),
        ),
    ],
)
def test_what_contradicts_the_ledger(entries: list[Entry], problems: tuple[str, ...]) -> None:
    """Nothing is applied before somebody has looked."""
    with pytest.raises(MigrationError) as caught:
        unapplied([A, B, C], entries)
    assert caught.value.problems == problems
