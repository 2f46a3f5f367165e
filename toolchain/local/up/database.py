"""`invoke db-shell` and `invoke db-reset`: SQL for the private MariaDB, without its client program."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from pymysql import err
from rich.console import Console
from rich.table import Table

from lib.database import connect
from lib.settings import database_settings, reading
from toolchain.errors import DatabaseServerError, LocalCloudError
from toolchain.local.mariadb import database_server, remove_database
from toolchain.local.up.record import owner
from toolchain.project import Project

if TYPE_CHECKING:
    from pymysql.connections import Connection  # generic in its stubs only

# https://mariadb.com/docs/server/reference/sql-structure/sql-language-structure/
_STATEMENT = re.compile(
    r"""(?: --\s[^\n]* | \#[^\n]* | /\*.*?\*/
          | '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | `[^`]*`
          | [^;]
        )+""",
    re.VERBOSE | re.DOTALL,
)
_PROMPT, _CONTINUED = "sql> ", "  -> "


def shell(project: Project, sql: str | None, source: TextIO, output: TextIO) -> None:
    """Run the statements of `sql`, or those that are typed or piped in, each ended by a semicolon.

    On the database as it is: whoever repairs it after a migration wants no other applied before.
    Raises DatabaseServerError for the first of `sql` that fails; in a dialogue its error is printed.
    """
    console = Console(file=output)
    with database_server(project) as server:
        with reading(server.environment()) as read:
            settings = database_settings(read)
        with connect(settings) as connection:
            if sql is not None:
                for statement in split_statements(sql):
                    _run(connection, statement, console)
                return
            for statement in _statements(source, output):
                try:
                    _run(connection, statement, console)
                except DatabaseServerError as error:
                    console.print(str(error), markup=False)


def split_statements(sql: str) -> list[str]:
    """The statements between semicolons; those in strings, names and comments end none.

    >>> split_statements("SELECT ';'; SELECT 2;")
    ["SELECT ';'", 'SELECT 2']
    """
    return [text for found in _STATEMENT.finditer(sql) if (text := found[0].strip())]


def reset(project: Project, output: TextIO) -> None:
    """Remove all rows; the next start makes the tables anew. Raises LocalCloudError while `up` runs."""
    if owner(project) is not None:
        raise LocalCloudError("`up` uses the database; end it with `invoke down`, then try again")
    remove_database(project)
    output.write("the database is empty; the next start migrates it\n")
    if (project.local / "cognito").exists():
        output.write("users of the local Cognito stay and can sign in, but have no rows\n")


def _run(connection: "Connection[Any]", sql: str, console: Console) -> None:
    with connection.cursor() as cursor:
        try:
            count = cursor.execute(sql)
        except err.MySQLError as error:
            raise DatabaseServerError(str(error.args[-1])) from error
        if cursor.description is None:
            console.print(f"{count} rows changed")
            return
        table = Table(*(column[0] for column in cursor.description))
        for row in cursor.fetchall():
            table.add_row(*("NULL" if value is None else str(value) for value in row))
        console.print(table)


def _statements(source: TextIO, output: TextIO) -> Iterator[str]:
    """Statements from a terminal, with prompts, or from a pipe."""
    waiting = ""
    while True:
        if source.isatty():
            output.write(_CONTINUED if waiting else _PROMPT)
            output.flush()
        line = source.readline()
        if not line:
            break
        waiting += line
        if waiting.rstrip().endswith(";"):
            yield waiting.strip().rstrip(";")
            waiting = ""
    if waiting.strip():
        yield waiting.strip()
