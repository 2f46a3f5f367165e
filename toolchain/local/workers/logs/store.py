"""The logs of all functions."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from toolchain.local.workers.logs.entries import LogEntry
from toolchain.local.workers.logs.file import LogFile

_FLUSH_SECONDS = 0.02

type Follower = Callable[[LogEntry], None]
"""Is called in the event loop, for every entry; must not block, and bounds its own memory."""


class Beginning(Protocol):
    """A request's first line, which waits for the next."""

    def write_start(self) -> None:
        """Write it unless that has been done."""


class LogStore:
    """Takes entries, and keeps them in `<directory>/<function>.log`."""

    def __init__(
        self, directory: Path, loop: asyncio.AbstractEventLoop, clock: Callable[[], float] = time.time
    ) -> None:
        self._directory = directory
        self._loop = loop
        self._clock = clock
        self._files: dict[str, LogFile] = {}
        self._begun: set[Beginning] = set()
        self._followers: list[Follower] = []
        self._flush: asyncio.TimerHandle | None = None

    def follow(self, follower: Follower) -> Callable[[], None]:
        """Have every entry from now on handed to `follower`; the result stops that."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)

    def write(self, function: str, stream: str, request_id: str | None, text: bytes) -> None:
        """`text` is whole lines."""
        entry = LogEntry(function, stream, request_id, int(self._clock() * 1000), text)
        file = self._files.get(function)
        if file is None:
            file = self._files[function] = LogFile(self._directory / f"{function}.log")
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
        for file in self._files.values():
            file.flush()

    def close(self) -> None:
        self.flush()
        for file in self._files.values():
            file.close()

    def _write_begun(self) -> None:
        begun, self._begun = self._begun, set()
        for beginning in begun:
            beginning.write_start()
