"""`invoke db-shell` on a private MariaDB."""

import io

from tests.integration.mariadb.servers import query
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
