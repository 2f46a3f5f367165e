"""Sockets to listen on: loopback only, the wanted port or the next free one."""

import errno
import socket
from collections.abc import Callable

from toolchain.errors import LocalCloudError

API_PORT = 8000
ENDPOINT_PORT = 4566

_HOST = "127.0.0.1"
_ATTEMPTS = 100
_PORTS = 65536


def check_port(what: str, wanted: int) -> None:
    """Raises LocalCloudError for a port that there is not."""
    if not 0 <= wanted < _PORTS:
        raise LocalCloudError(f"the port of {what} is {wanted}; use 0 (any that is free) to {_PORTS - 1}")


def listen_for(what: str, wanted: int, say: Callable[[str], None]) -> socket.socket:
    """As listen; `say` tells when what is served is not at the wanted port. Raises LocalCloudError."""
    check_port(what, wanted)
    try:
        listener = listen(wanted)
    except OSError as error:
        raise LocalCloudError(f"{what} has no port to listen on: {error.strerror}; choose another") from error
    if wanted and port_of(listener) != wanted:
        say(f"port {wanted} is in use; {what} is on {port_of(listener)}")
    return listener


def listen(wanted: int) -> socket.socket:
    """A listening socket on the port, or on the first free one after it; 0 for any.

    Raises OSError when none of the next hundred is free.
    """
    last = min(wanted + _ATTEMPTS, _PORTS) if wanted else 1
    for port in range(wanted, last):
        try:
            return _bind(port)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise OSError(errno.EADDRINUSE, f"no port from {wanted} to {last - 1} is free")


def port_of(listener: socket.socket) -> int:
    """The port a socket listens on."""
    port: int = listener.getsockname()[1]
    return port


def _bind(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Else a restart waits for the last run's connections to be forgotten; it never shares a live port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener
