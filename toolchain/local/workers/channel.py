"""The server's end of the conversation with an instance: whole frames in, whole requests out, no waiting.

Works on the socket itself: a transport would be made by a coroutine, and all that happens to instances
happens between two awaits.
"""

import asyncio
import socket
from collections.abc import Callable

from toolchain.local.workers.child.frames import ANSWER, REQUEST

type OnFrame = Callable[[int, int, bytes], None]
"""Takes kind, peak memory in KB, body."""
type OnEnd = Callable[[bool], None]
"""Takes whether the last request was not read to its end."""

_READ_BYTES = 1 << 15
"""Below what toolchain.local.up.memory has malloc map: a mapping for every answer is a tenth of its time."""


class Channel:
    """Frames over a non-blocking socket, which it owns."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, connection: socket.socket, on_frame: OnFrame, on_end: OnEnd
    ) -> None:
        connection.setblocking(False)  # noqa: FBT003
        self._loop = loop
        self._connection = connection
        self._on_frame = on_frame
        self._on_end = on_end
        self._incoming = bytearray()
        self._is_waiting = False
        self._outgoing: bytes | memoryview = b""
        loop.add_reader(connection, self._on_readable)

    def send(self, head: bytes, event: bytes) -> None:
        """That the other end is gone is told by `on_end`, not here."""
        self._outgoing = REQUEST.pack(len(head), len(event)) + head + event
        self._write()

    def finish(self) -> None:
        """Take what the other end has sent before it went away."""
        while self._connection.fileno() >= 0 and self._read():
            pass
        self.close()

    def close(self) -> None:
        if self._connection.fileno() >= 0:
            self._loop.remove_reader(self._connection)
            self._loop.remove_writer(self._connection)
            self._connection.close()

    def _write(self) -> None:
        try:
            sent = self._connection.send(self._outgoing)
        except BlockingIOError:
            sent = 0
        except OSError:
            return
        if sent == len(self._outgoing):  # nearly always
            self._outgoing = b""
            if self._is_waiting:
                self._loop.remove_writer(self._connection)
                self._is_waiting = False
            return
        self._outgoing = memoryview(self._outgoing)[sent:]
        if not self._is_waiting:
            self._loop.add_writer(self._connection, self._write)
            self._is_waiting = True

    def _on_readable(self) -> None:
        self._read()

    def _read(self) -> bool:
        """Whether there was something. A Unix socket that is closed while data waits in it resets."""
        try:
            data = self._connection.recv(_READ_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            self._end(unread=True)
            return False
        if not data:
            self._end(unread=bool(self._outgoing))
            return False
        if not self._incoming and len(data) >= ANSWER.size:
            kind, peak_kb, size = ANSWER.unpack_from(data)
            if len(data) == ANSWER.size + size:  # nearly always
                self._on_frame(kind, peak_kb, data[ANSWER.size :])
                return True
        self._incoming += data
        while (frame := self._take()) is not None:
            self._on_frame(*frame)
        return True

    def _take(self) -> tuple[int, int, bytes] | None:
        if len(self._incoming) < ANSWER.size:
            return None
        kind, peak_kb, size = ANSWER.unpack_from(self._incoming)
        end = ANSWER.size + size
        if len(self._incoming) < end:
            return None
        body = bytes(memoryview(self._incoming)[ANSWER.size : end])
        del self._incoming[:end]
        return kind, peak_kb, body

    def _end(self, *, unread: bool) -> None:
        self.close()
        self._on_end(unread)
