"""Where deployed APIs are: a port of its own for each, the same after a restart."""

import json
import logging
import socket
import threading
from pathlib import Path

from toolchain.atomic_files import replace_file
from toolchain.local.place import Place
from toolchain.local.ports import listen, port_of

_log = logging.getLogger(__name__)


class Addresses:
    """Listening sockets by API, and their ports in a file. Any thread may ask.

    `first_port` is where free ports are looked for; 0 is anywhere.
    """

    def __init__(self, file: Path, first_port: int) -> None:
        self._file = file
        self._first_port = first_port
        self._lock = threading.Lock()
        self._listeners: dict[str, socket.socket] = {}
        self._ports: dict[str, int] = _read(file)

    def url(self, place: Place, api_id: str) -> str:
        """`http://127.0.0.1:8001`; from then on something listens there, if nobody answers yet."""
        return f"http://127.0.0.1:{port_of(self.listener(place, api_id))}"

    def listener(self, place: Place, api_id: str) -> socket.socket:
        """The API's socket: on the port that it had before, or else on the next free one."""
        key = _key(place, api_id)
        with self._lock:
            if key not in self._listeners:
                before = self._ports.get(key)
                listener = self._listeners[key] = listen(before or self._first_port)
                if before not in (None, port_of(listener)):
                    _log.warning("port %s is in use; API %s is on %s", before, api_id, port_of(listener))
                self._note(key, port_of(listener))
            return self._listeners[key]

    def forget(self, place: Place, api_id: str) -> socket.socket | None:
        """The API is gone; its socket, if it had one, is the caller's to close."""
        with self._lock:
            self._note(_key(place, api_id), None)
            return self._listeners.pop(_key(place, api_id), None)

    def close(self) -> None:
        """Close the sockets that nobody serves; ports stay noted."""
        for listener in self._listeners.values():
            listener.close()

    def _note(self, key: str, port: int | None) -> None:
        if self._ports.get(key) == port:
            return
        self._ports.pop(key, None)
        if port is not None:
            self._ports[key] = port
        self._file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._file, json.dumps(self._ports, indent=2))


def _key(place: Place, api_id: str) -> str:
    return f"{place.account_id}/{place.region}/{api_id}"


def _read(file: Path) -> dict[str, int]:
    """A file that was cut short costs the addresses, nothing else."""
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {key: port for key, port in content.items() if isinstance(port, int)}
