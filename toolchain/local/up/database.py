"""`invoke db-shell` and `invoke db-reset`: SQL for the private MariaDB, without its client program."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

from pymysql import err
from rich.console import Console
from rich.markup import escape
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
    r"""(?: --(?=\s)[^\n]* | \#[^\n]* | /\*.*?\*/
          | '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | `[^`]*`
          | [^;]
        )+""",
    re.VERBOSE | re.DOTALL,
)
_NOTHING = re.compile(r"(?: --(?=\s|\Z)[^\n]* | \#[^\n]* | /\*(?!!).*?\*/ | \s )*", re.VERBOSE | re.DOTALL)
_PROMPT, _CONTINUED = "sql> ", "  -> "
_ESCAPED = str.maketrans({"\0": r"\0", "\t": r"\t", "\n": r"\n", "\\": r"\\"})

type Show = Callable[[list[str], list[list[str]], TextIO], None]
"""Writes the names of columns and their values."""


def shell(project: Project, sql: str | None, source: TextIO, output: TextIO) -> None:
    """Run the statements of `sql`, or those that are typed or piped in, each ended by a semicolon.

    On the database as it is: whoever repairs it after a migration wants no other applied before.
    Raises DatabaseServerError for the first that fails; in a dialogue its error is printed.
    """
    show = _show_table if output.isatty() else _show_lines
    with database_server(project) as server:
        with reading(server.environment()) as read:
            settings = database_settings(read)
        with connect(settings) as connection:
            connection.decoders = {}  # texts, as the server writes them
            if sql is None and source.isatty():
                _converse(connection, source, output, show)
                return
            for statement in split_statements(source.read() if sql is None else sql):
                _run(connection, statement, output, show)


def split_statements(sql: str) -> list[str]:
    """The statements between semicolons; those in strings, names and comments end none.

    >>> split_statements("SELECT ';'; SELECT 2;")
    ["SELECT ';'", 'SELECT 2']
    """
    return [found[0].strip() for found in _STATEMENT.finditer(sql) if not _NOTHING.fullmatch(found[0])]


def reset(project: Project, output: TextIO) -> None:
    """Remove all rows; the next start makes the tables anew. Raises LocalCloudError while `up` runs."""
    if owner(project) is not None:
        raise LocalCloudError("`up` uses the database; end it with `invoke down`, then try again")
    remove_database(project)
    output.write("the database is empty; the next start migrates it\n")
    if (project.local / "cognito").exists():
        output.write("users of the local Cognito stay and can sign in, but have no rows\n")


def _converse(connection: "Connection[Any]", source: TextIO, output: TextIO, show: Show) -> None:
    for statement in _typed(source, output):
        try:
            _run(connection, statement, output, show)
        except DatabaseServerError as error:
            output.write(f"{error}\n")


def _run(connection: "Connection[Any]", sql: str, output: TextIO, show: Show) -> None:
    with connection.cursor() as cursor:
        try:
            count = cursor.execute(sql)
        except err.MySQLError as error:
            raise DatabaseServerError(str(error.args[-1])) from error
        if cursor.description is not None:
            show([column[0] for column in cursor.description], [_texts(row) for row in cursor], output)
        elif output.isatty():
            output.write(f"{count} rows changed\n")


def _texts(row: Iterable[str | bytes | None]) -> list[str]:
    """NULL by its name, and bytes that are no text in hexadecimal digits."""
    return ["NULL" if value is None else value if isinstance(value, str) else _text(value) for value in row]


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"0x{value.hex()}"


def _show_table(names: list[str], rows: list[list[str]], output: TextIO) -> None:
    """As wide as the terminal."""
    table = Table(*map(escape, names))
    for row in rows:
        table.add_row(*map(escape, row))
    Console(file=output).print(table)


def _show_lines(names: list[str], rows: list[list[str]], output: TextIO) -> None:
    """Tab-separated and whole, as the mysql client does: what would end a value is escaped."""
    output.writelines("\t".join(value.translate(_ESCAPED) for value in row) + "\n" for row in (names, *rows))


def _typed(source: TextIO, output: TextIO) -> Iterator[str]:
    """Statements from a terminal, with prompts."""
    waiting = ""
    while True:
        output.write(_CONTINUED if waiting else _PROMPT)
        output.flush()
        line = source.readline()
        waiting += line
        if not line or waiting.rstrip().endswith(";"):
            yield from split_statements(waiting)
            waiting = ""
        if not line:
            return
