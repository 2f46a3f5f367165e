"""The files of a private server: a data directory copied from a template that is made once per version."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolchain.errors import DatabaseServerError
from toolchain.file_locks import exclusive
from toolchain.local.mariadb.instance import Instance, bootstrap_arguments
from toolchain.local.mariadb.program import Program, series_of

# Both spellings are in use: MariaDB renamed its files from 11.0 on.
_SYSTEM_TABLES = ("system_tables.sql", "performance_tables.sql", "system_tables_data.sql")
_MADE_BY = "made_by_version"
_UNFINISHED = "unfinished-"


@contextmanager
def reporting_storage(directory: Path) -> Iterator[None]:
    """A directory that can't be written to, or is full, is the user's to mend."""
    try:
        yield
    except OSError as error:
        raise DatabaseServerError(
            f"{directory}: {error.strerror}; the private MariaDB keeps its files there and needs about 40 MB"
        ) from error


def provide_data(instance: Instance, templates: Path, program: Program) -> None:
    """Make the data directory if there is none, or check that this program may use the one there is."""
    if instance.data.exists():
        _check_series(instance, program)
        return
    template = provide_template(templates, program)
    with reporting_storage(instance.directory), _finished(instance.data) as unfinished:
        _copy(template, unfinished)


def provide_template(templates: Path, program: Program) -> Path:
    """The data directory that new ones are copied from; made when this version is first used."""
    template = templates / program.version
    with reporting_storage(templates):
        templates.mkdir(parents=True, exist_ok=True)
        with exclusive(templates / "guard.lock"):
            if not template.exists():
                with _finished(template) as unfinished:
                    _bootstrap(program, unfinished)
    return template


def _copy(source: Path, target: Path) -> None:
    """Copy a directory; unlike copytree, stop at the first error and raise it as it is."""
    for directory, _, files in source.walk():
        copy = target / directory.relative_to(source)
        copy.mkdir(exist_ok=True)
        for name in files:
            shutil.copy(directory / name, copy / name)


def _check_series(instance: Instance, program: Program) -> None:
    made_by = (instance.data / _MADE_BY).read_text().strip()
    if series_of(made_by) != program.series:
        raise DatabaseServerError(
            f"{instance.data} was made by MariaDB {made_by}, but {program.path} is {program.version}; "
            f"install {series_of(made_by)}, or remove {instance.directory} (its rows are lost)"
        )


@contextmanager
def _finished(target: Path) -> Iterator[Path]:
    """A directory that gets its name when all is in it; what a killed process left behind is removed.

    The caller holds a lock: nobody else works on the target.
    """
    for leftover in target.parent.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover)
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=target.parent))
    try:
        yield unfinished
        unfinished.rename(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _bootstrap(program: Program, data: Path) -> None:
    """Do what mariadb-install-db does, which may be in another package and takes three times as long."""
    result = subprocess.run(
        [program.path, *bootstrap_arguments(data)],
        input=_bootstrap_sql(program, pwd.getpwuid(os.geteuid()).pw_name),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        last_lines = "\n    ".join(result.stdout.strip().splitlines()[-10:])
        raise DatabaseServerError(f"{program.path} could not make {data}:\n    {last_lines}")
    (data / _MADE_BY).write_text(f"{program.version}\n")


def _bootstrap_sql(program: Program, administrator: str) -> str:
    """Make the system tables, and one account with all rights: the system's user, over the socket only."""
    share = _share_directory(program)
    spelling = "mariadb" if (share / "mariadb_system_tables.sql").exists() else "mysql"
    escaped = administrator.replace("\\", "\\\\").replace("'", "\\'")
    return "\n".join(
        [
            "CREATE DATABASE mysql;",
            "USE mysql;",
            f"SET @auth_root_socket='{escaped}';",
            "SET @skip_auth_anonymous=1;",
            *((share / f"{spelling}_{name}").read_text() for name in _SYSTEM_TABLES),
            "",
        ]
    )


def _share_directory(program: Program) -> Path:
    prefixes = (program.path.resolve().parent.parent, Path("/usr"), Path("/usr/local"))
    for directory in (prefix / "share" / name for prefix in prefixes for name in ("mariadb", "mysql")):
        if any((directory / f"{name}_{_SYSTEM_TABLES[0]}").exists() for name in ("mariadb", "mysql")):
            return directory
    raise DatabaseServerError(
        f"{program.path}: its share directory with mysql_system_tables.sql was not found; "
        "reinstall MariaDB's server"
    )


def short_socket_path(directory: Path) -> Path:
    """Where the server's socket goes: a socket's path has at most 103 bytes on macOS, 107 on Linux."""
    path = directory / "mariadb.sock"
    if len(os.fsencode(path)) <= 103:
        return path
    return Path(tempfile.mkdtemp(prefix="mariadb-")) / "mariadb.sock"
