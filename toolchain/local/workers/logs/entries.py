"""Entries of a function's log, and the latest of them in memory."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple


class LogEntry(NamedTuple):
    """Whole lines that one instance wrote at once, each with its newline.

    `stream` is the instance's log stream; `request_id` the request that it was at, or was at last: None
    before the first.
    """

    function: str
    stream: str
    request_id: str | None
    time_ms: int
    text: bytes

    def lines(self) -> Iterator[str]:
        """Each is an event: awslambdaric ends the lines of a traceback with carriage returns, but for one."""
        yield from self.text.decode(errors="replace").split("\n")[:-1]


class Ring:
    """The latest entries, of at most so many bytes."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._size = 0
        self._entries: deque[LogEntry] = deque()

    def add(self, entry: LogEntry) -> None:
        self._entries.append(entry)
        self._size += len(entry.text)
        while self._size > self._limit_bytes and len(self._entries) > 1:
            self._size -= len(self._entries.popleft().text)

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(tuple(self._entries))
