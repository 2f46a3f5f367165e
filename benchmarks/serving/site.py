"""What everybody serves: the same handlers, and a MariaDB with a row in it.

`plain` answers at once. `query` asks the database for a row, over a connection that is kept per thread, as
some of the servers have threads. `signed` is `plain` behind a JWT authorizer, where there is one.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymysql

from benchmarks.surroundings import REPOSITORY
from benchmarks.workload import copy
from toolchain.local.mariadb import migrated_database
from toolchain.project import Project

OPEN, SIGNED = ("plain", "query"), "signed"
_CHECKOUT = (
    *("toolchain", "lib", "functions", "events", "migrations"),
    *("tasks.py", ".python-version", "requirements-dev.txt", "pyproject.toml"),
)

_PLAIN = '''\
"""Answers at once."""

import json

REVISION = 1000


def handler(event, context):
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"revision": REVISION}),
    }
'''

_QUERY = '''\
"""Answers with a row of the database."""

import json
import os
import threading

import pymysql

SQL = "SELECT sub, email FROM users WHERE sub = %s"

_local = threading.local()


def _connection():
    if not hasattr(_local, "connection"):
        _local.connection = pymysql.connect(
            host=os.environ["DATABASE_HOST"],
            port=int(os.environ["DATABASE_PORT"]),
            user=os.environ["DATABASE_USER"],
            password=os.environ["DATABASE_PASSWORD"],
            database=os.environ["DATABASE_NAME"],
            autocommit=True,
        )
    return _local.connection


def handler(event, context):
    with _connection().cursor() as cursor:
        cursor.execute(SQL, ("00000000-0000-0000-0000-000000000001",))
        sub, email = cursor.fetchone()
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"sub": sub, "email": email}),
    }
'''

_ROW = (
    "INSERT INTO users (sub, email, email_key, created_at, updated_at) VALUES"
    " ('00000000-0000-0000-0000-000000000001', 'ada@example.com', 'ada@example.com', NOW(6), NOW(6))"
    " ON DUPLICATE KEY UPDATE email = VALUES(email)"
)


@dataclass(frozen=True, slots=True)
class Site:
    """A copy of this checkout with three functions more; peers have theirs beside it."""

    root: Path

    def directory(self, name: str) -> Path:
        """Where another server has its copy of the handlers."""
        return self.root.with_name(f"{self.root.name}-{name}")

    def write(self) -> None:
        """The checkout with all its functions, and ours, so that what `up` takes is what it takes there."""
        for name in _CHECKOUT:
            copy(REPOSITORY / name, self.root / name)
        write_handlers(self.root)
        for name in (*OPEN, SIGNED):
            folder = self.root / "functions" / name
            for file in ("requirements.in", "requirements.txt"):
                shutil.copy(self.root / "functions" / "health" / file, folder)
            (folder / "function.yaml").write_text(_manifest(name))
            (self.root / "events" / f"{name}.json").write_text("{}\n")

    @contextmanager
    def database(self) -> Iterator[Mapping[str, str]]:
        """The private MariaDB of the checkout, running, with a row; its variables for functions."""
        with migrated_database(Project(self.root)) as server:
            variables = server.environment()
            connection = pymysql.connect(
                host=variables["DATABASE_HOST"],
                port=int(variables["DATABASE_PORT"]),
                user=variables["DATABASE_USER"],
                password=variables["DATABASE_PASSWORD"],
                database=variables["DATABASE_NAME"],
                autocommit=True,
            )
            with connection, connection.cursor() as cursor:
                cursor.execute(_ROW)
            yield variables


def write_handlers(root: Path) -> None:
    """functions/<name>/handler.py of all three below a directory."""
    for name in (*OPEN, SIGNED):
        handler = root / "functions" / name / "handler.py"
        handler.parent.mkdir(parents=True, exist_ok=True)
        handler.write_text(_QUERY if name == "query" else _PLAIN)


def edit(handler: Path, revision: int) -> None:
    """Have the plain handler answer with another revision, of four digits: its size stays."""
    text = handler.read_text()
    handler.write_text(re.sub(r"(?m)^REVISION = \d{4}$", f"REVISION = {revision:04}", text))


def _manifest(name: str) -> str:
    access = "jwt" if name == SIGNED else "none"
    database = "database: reader\n" if name == "query" else ""
    route = f"{{method: GET, path: /{name}, auth: {access}}}"
    return (
        "description: Measured by benchmarks/gateway.py\n"
        f"triggers:\n  - http: {route}\n"
        f"timeout_seconds: 29\n{database}"  # on a busy machine, too, it is speed that is measured
    )
