"""Sockets to listen on: loopback only, the wanted port or the next free one."""

import errno
import socket

_HOST = "127.0.0.1"
_ATTEMPTS = 100


def listen(wanted: int) -> socket.socket:
    """A listening socket on the port, or on the first free one after it; 0 for any.

    Raises OSError when none of the next hundred is free.
    """
    last = min(wanted + _ATTEMPTS, 65536) if wanted else 1
    for port in range(wanted, last):
        try:
            return _bind(port)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES) or port == last - 1:
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
