"""The servers this project runs: the one of the checkout, and throw-away ones for tests."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from toolchain.errors import DatabaseServerError, MissingToolError
from toolchain.file_locks import exclusive
from toolchain.local.mariadb.install import install, plan_installation, read_machine, run_quietly
from toolchain.local.mariadb.instance import DatabaseServer, Instance
from toolchain.local.mariadb.lease import is_in_use, lease, remove, revive
from toolchain.local.mariadb.program import Program, find_program
from toolchain.project import Project

_WAY_OUT = "on this machine, `invoke db-reset` empties the database: its rows are lost"


def announce_on_stderr(line: str) -> None:
    """What happens besides the task itself must not mix with its result."""
    sys.stderr.write(f"{line}\n")


@contextmanager
def database_server(
    project: Project, *, port: int | None = None, announce: Callable[[str], None] = announce_on_stderr
) -> Iterator[DatabaseServer]:
    """The checkout's own MariaDB, running; it stops when the last process that uses it leaves.

    Installs MariaDB first if it is missing and that needs no question. The rows stay, in `.local/mariadb`.
    Raises DatabaseServerError, MissingToolError.
    """
    instance = Instance(project.local / "mariadb")
    with lease(instance, _templates(project), lambda: provide_program(announce), port) as server:
        yield server


@contextmanager
def migrated_database(
    project: Project, *, port: int | None = None, announce: Callable[[str], None] = announce_on_stderr
) -> Iterator[DatabaseServer]:
    """`database_server`, with all of the project's migrations applied, if it has any."""
    with database_server(project, port=port, announce=announce) as server:
        if any(project.migrations.glob("*.sql")):
            migrate(server, project.migrations)
        yield server


def revive_server(
    project: Project, server: DatabaseServer, announce: Callable[[str], None] = announce_on_stderr
) -> bool:
    """Start the checkout's server again if it was killed while it is in use; whether that was so.

    Raises DatabaseServerError, MissingToolError.
    """
    instance = Instance(project.local / "mariadb")
    return revive(instance, _templates(project), lambda: provide_program(announce), server)


def migrate(server: DatabaseServer, migrations: Path) -> list[str]:
    """Apply the pending migrations to the server; return their names. Raises DatabaseServerError."""
    # Imported here, for those that need no more than the server.
    from lib import migrations as runner
    from lib.database import DatabaseUnavailable, connect
    from lib.settings import database_settings, reading

    with reading(server.environment()) as read:
        settings = replace(database_settings(read), read_timeout_seconds=600)
    try:
        with connect(settings) as connection:
            return runner.apply(connection, migrations)
    except runner.HistoryError as error:
        raise DatabaseServerError(f"{error}\n{_WAY_OUT}") from error
    except runner.MigrationError as error:
        raise DatabaseServerError(error.problems) from error
    except DatabaseUnavailable as error:
        raise DatabaseServerError(f"the private MariaDB can't be used: {error}") from error


def remove_database(project: Project) -> None:
    """Remove the checkout's database with all its rows. Raises DatabaseServerError while it is in use."""
    remove(Instance(project.local / "mariadb"))


@contextmanager
def temporary_server(
    project: Project, *, options: tuple[str, ...] = (), directory: Path | None = None
) -> Iterator[DatabaseServer]:
    """A server with an empty database, removed on leaving; `options` are further ones of mariadbd.

    Any number may run at once. What a killed process leaves behind is removed when the next one starts.
    """
    home = directory or _temporary_home()
    guard = home / "guard.lock"
    with ExitStack() as stack:
        # Held until the lease is: else another process could take this one's files for left-overs.
        with exclusive(guard):
            _sweep(home)
            instance = Instance(Path(tempfile.mkdtemp(dir=home)), is_throwaway=True, options=options)
            stack.callback(_remove_guarded, instance, guard)
            server = stack.enter_context(lease(instance, _templates(project), provide_program))
        yield server


def provide_program(announce: Callable[[str], None] = announce_on_stderr) -> Program:
    """Find the server program, or install it if that needs no question. Raises MissingToolError."""
    try:
        return find_program()
    except MissingToolError as missing:
        install(plan_installation(read_machine(run_quietly)), str(missing), run_quietly, announce)
        return find_program()


def _templates(project: Project) -> Path:
    return project.local / "mariadb-templates"


def _remove_guarded(instance: Instance, guard: Path) -> None:
    with exclusive(guard):
        remove(instance)


def _sweep(home: Path) -> None:
    for directory in home.iterdir():
        instance = Instance(directory)
        if directory.is_dir() and not is_in_use(instance):
            remove(instance)


def _temporary_home() -> Path:
    """A directory of this user alone, with a path short enough for sockets."""
    home = Path(tempfile.gettempdir()) / f"serverless-python-api-{os.geteuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    status = home.lstat()
    if status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise DatabaseServerError(f"{home} is not this user's alone; remove it, or set TMPDIR")
    return home
