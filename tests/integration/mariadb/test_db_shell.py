"""`invoke db-shell` on a private MariaDB."""

import io

import pytest

from tests.integration.mariadb.servers import query
from toolchain.errors import DatabaseServerError
from toolchain.local.mariadb import migrated_database
from toolchain.local.up.database import shell
from toolchain.project import Project


def answer(project: Project, sql: str | None, typed: str = "") -> str:
    """What is written for statements, to something that is no terminal."""
    output = io.StringIO()
    shell(project, sql, io.StringIO(typed), output)
    return output.getvalue()


def test_the_database_is_taken_as_it_is(project: Project) -> None:
    """Also with a migration that is wrong by now: here one would repair what it did. Others can wait."""
    project.migrations.mkdir()
    first = project.migrations / "0001_notes.sql"
    first.write_text("CREATE TABLE notes (id INT)")
    with migrated_database(project) as server:
        query(server, "INSERT INTO notes VALUES (42)")
    first.write_text("CREATE TABLE notes (id BIGINT)")
    (project.migrations / "0002_things.sql").write_text("CREATE TABLE things (id INT)")
    assert "42" in answer(project, "SELECT id FROM notes")
    assert "things" not in answer(project, "SHOW TABLES")


class Terminal(io.StringIO):
    """What is typed, or shown."""

    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_lines_with_whole_values(project: Project) -> None:
    """Tab-separated, with a header, as the mysql client writes them."""
    text = "x" * 500
    query = rf"SELECT 1 AS n, '{text}' AS text, NULL AS nothing, 'a\tb\nc\\' AS odd, BINARY X'FF' AS bytes"
    assert answer(project, query).splitlines() == [
        "n\ttext\tnothing\todd\tbytes",
        f"1\t{text}\tNULL\t" + r"a\tb\nc\\" + "\t0xff",
    ]


def test_values_are_as_the_server_writes_them(project: Project) -> None:
    given = "SELECT TIMESTAMP '2026-01-31 12:00:00' AS at, TRUE AS yes, 1.50 AS amount"
    assert answer(project, given) == "at\tyes\tamount\n2026-01-31 12:00:00\t1\t1.50\n"


def test_statements_from_a_pipe(project: Project) -> None:
    """Several on a line, or one on several; the first that fails is the last."""
    piped = (
        "CREATE TABLE notes (id INT); INSERT INTO notes VALUES (1),\n (2); SELECT id FROM notes; SELECT 3\n"
    )
    assert answer(project, None, piped) == "id\n1\n2\n3\n3\n"
    with pytest.raises(DatabaseServerError, match=r"'app\.missing' doesn't exist"):
        answer(project, None, "SELECT * FROM missing; DROP TABLE notes")
    assert answer(project, "SHOW TABLES") == "Tables_in_app\nnotes\n"


def test_a_dialogue(project: Project) -> None:
    """It goes on after an error, and values are no markup."""
    terminal = Terminal()
    typed = "SELECT 1; SELECT * FROM missing;\nSELECT\n'[/b]' AS two;\nCREATE TABLE notes (id INT)\n"
    shell(project, None, Terminal(typed), terminal)
    shown = terminal.getvalue()
    assert shown.startswith("sql> ")
    assert "Table 'app.missing' doesn't exist\nsql>   -> " in shown
    assert "[/b]" in shown
    assert shown.endswith("0 rows changed\n")
