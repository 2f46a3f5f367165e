"""Share one server among processes: the first starts it, the last to leave stops it."""

import contextlib
import json
import secrets
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from toolchain.atomic_files import replace_file
from toolchain.errors import DatabaseServerError
from toolchain.file_locks import exclusive, share, take
from toolchain.local.mariadb import process
from toolchain.local.mariadb.instance import HOST, DatabaseServer, Endpoint, Instance, accounts_sql
from toolchain.local.mariadb.program import Program
from toolchain.local.mariadb.storage import provide_data, reporting_storage, short_socket_path

_ATTEMPTS = 5  # at a free port: another process may take it before the server does


@contextmanager
def lease(
    instance: Instance, templates: Path, provide_program: Callable[[], Program], port: int | None = None
) -> Iterator[DatabaseServer]:
    """The instance's server, running; stopped on leaving, unless others still use it.

    `provide_program` is asked only when the server has to be started. Without `port`, any free one is used.
    Raises DatabaseServerError.
    """
    with reporting_storage(instance.directory):
        instance.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        users = instance.users.open("a")
    with users:
        with reporting_storage(instance.directory), exclusive(instance.guard):
            endpoint = _attach(instance, port) or _start(instance, templates, provide_program(), port)
            share(users)
        try:
            yield DatabaseServer(endpoint.port, endpoint.socket, endpoint.password)
        finally:
            with exclusive(instance.guard):
                if take(users):
                    _stop(instance)


def revive(
    instance: Instance, templates: Path, provide_program: Callable[[], Program], server: DatabaseServer
) -> bool:
    """Start a leased server again if it was killed, at the port and with the password that its users know.

    False if it is alive, or nobody uses it any more: then nobody would stop it. Raises DatabaseServerError.
    """
    if process.is_alive(instance):
        return False
    with exclusive(instance.guard):
        if process.is_alive(instance) or not is_in_use(instance):
            return False
        process.bury(instance)
        _start(instance, templates, provide_program(), server.port)
        return True


def remove(instance: Instance) -> None:
    """Remove the server's files with all rows. Raises DatabaseServerError while somebody uses it."""
    if not instance.directory.exists():
        return
    with exclusive(instance.guard):
        if is_in_use(instance):
            raise DatabaseServerError(f"{instance.directory} is in use; stop what uses it, then try again")
        _stop(instance)
        shutil.rmtree(instance.directory)


def is_in_use(instance: Instance) -> bool:
    """Whether a process holds a lease; one that was killed holds none, though its server may run on."""
    with instance.users.open("a") as users:
        return not take(users)


def _attach(instance: Instance, port: int | None) -> Endpoint | None:
    """The endpoint of the server that is alive already; one that can't be used is stopped."""
    if not process.is_alive(instance):
        return None
    endpoint = _read_endpoint(instance)
    if endpoint is None:
        process.stop(instance)
        return None
    try:
        process.wait_until_ready(instance, endpoint)
    except DatabaseServerError:
        if process.is_alive(instance):
            raise
        return None  # it was on its way out: a killed one holds its lock a moment longer
    if port not in (None, endpoint.port):
        raise DatabaseServerError(
            f"MariaDB already runs on port {endpoint.port}, not {port}; stop what uses {instance.directory}"
        )
    return endpoint


def _start(instance: Instance, templates: Path, program: Program, port: int | None) -> Endpoint:
    previous = _read_endpoint(instance)
    if previous:
        _remove_socket(instance, previous.socket)
    provide_data(instance, templates, program)
    password = previous.password if previous else secrets.token_urlsafe(24)
    for attempt in range(_ATTEMPTS):
        endpoint = Endpoint(_choose_port(port, previous), short_socket_path(instance.directory), password)
        replace_file(instance.accounts, accounts_sql(password), mode=0o600)
        replace_file(instance.endpoint, _dump(endpoint), mode=0o600)
        try:
            process.start(program, instance, endpoint)
        except DatabaseServerError:
            _remove_socket(instance, endpoint.socket)
            if port is None and attempt + 1 < _ATTEMPTS and not _is_free(endpoint.port):
                continue
            raise
        return endpoint
    raise AssertionError("the last attempt returns or raises")


def _stop(instance: Instance) -> None:
    process.stop(instance)
    if endpoint := _read_endpoint(instance):
        _remove_socket(instance, endpoint.socket)


def _choose_port(wanted: int | None, previous: Endpoint | None) -> int:
    """The wanted port, else that of the last time (a SQL client may know it), else any that is free."""
    if wanted is not None:
        if not _is_free(wanted):
            raise DatabaseServerError(
                f"port {wanted} on {HOST} is in use; stop what listens there, or choose another"
            )
        return wanted
    if previous and _is_free(previous.port):
        return previous.port
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as mariadbd does
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _read_endpoint(instance: Instance) -> Endpoint | None:
    try:
        found = json.loads(instance.endpoint.read_text())
        return Endpoint(int(found["port"]), Path(found["socket"]), str(found["password"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _dump(endpoint: Endpoint) -> str:
    return json.dumps({"port": endpoint.port, "socket": str(endpoint.socket), "password": endpoint.password})


def _remove_socket(instance: Instance, path: Path) -> None:
    path.unlink(missing_ok=True)
    if path.parent != instance.directory:
        with contextlib.suppress(OSError):
            path.parent.rmdir()
