"""The logs of all functions."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from toolchain.local.workers.logs.entries import LogEntry, Ring
from toolchain.local.workers.logs.file import LogFile

_RING_BYTES = 256 << 10
_FLUSH_SECONDS = 0.02

type Follower = Callable[[LogEntry], None]
"""Is called in the event loop, for every entry; must not block, and bounds its own memory."""


class Beginning(Protocol):
    """A request's first line, which waits for the next."""

    def write_start(self) -> None:
        """Write it unless that has been done."""


class LogStore:
    """Takes entries, keeps the latest in memory and more in `<directory>/<function>.log`."""

    def __init__(
        self, directory: Path, loop: asyncio.AbstractEventLoop, clock: Callable[[], float] = time.time
    ) -> None:
        self._directory = directory
        self._loop = loop
        self._clock = clock
        self._logs: dict[str, tuple[Ring, LogFile]] = {}
        self._begun: set[Beginning] = set()
        self._followers: list[Follower] = []
        self._flush: asyncio.TimerHandle | None = None

    def follow(self, follower: Follower) -> Callable[[], None]:
        """Have every entry from now on handed to `follower`; the result stops that."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)

    def entries(self, function: str) -> Iterator[LogEntry]:
        """The latest entries of a function, oldest first."""
        self._write_begun()
        return iter(self._logs[function][0] if function in self._logs else ())

    def write(self, function: str, stream: str, request_id: str | None, text: bytes) -> None:
        """`text` is whole lines."""
        entry = LogEntry(function, stream, request_id, int(self._clock() * 1000), text)
        log = self._logs.get(function)
        if log is None:
            log = self._logs[function] = Ring(_RING_BYTES), LogFile(self._directory / f"{function}.log")
        ring, file = log
        ring.add(entry)
        file.add(entry)
        for follower in self._followers:
            follower(entry)
        if self._flush is None:
            self._flush = self._loop.call_later(_FLUSH_SECONDS, self.flush)

    def expect(self, beginning: "Beginning") -> None:
        """Have a request's first line written soon, if nothing is written of that request before."""
        self._begun.add(beginning)
        if self._flush is None:
            self._flush = self._loop.call_later(_FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Write what is only in memory to the files."""
        self._write_begun()
        if self._flush:
            self._flush.cancel()
            self._flush = None
        for _, file in self._logs.values():
            file.flush()

    def close(self) -> None:
        self.flush()
        for _, file in self._logs.values():
            file.close()

    def _write_begun(self) -> None:
        begun, self._begun = self._begun, set()
        for beginning in begun:
            beginning.write_start()
