"""The logs of all functions."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from toolchain.local.workers.logs.entries import LogEntry, Ring
from toolchain.local.workers.logs.file import LogFile

_RING_BYTES = 256 << 10
_FLUSH_SECONDS = 0.02

type Follower = Callable[[LogEntry], None]
"""Is called in the event loop, for every entry; must not block, and bounds its own memory."""


class LogStore:
    """Takes entries, keeps the latest in memory and more in `<directory>/<function>.log`."""

    def __init__(
        self, directory: Path, loop: asyncio.AbstractEventLoop, clock: Callable[[], float] = time.time
    ) -> None:
        self._directory = directory
        self._loop = loop
        self._clock = clock
        self._rings: dict[str, Ring] = {}
        self._files: dict[str, LogFile] = {}
        self._followers: list[Follower] = []
        self._flush: asyncio.TimerHandle | None = None

    def follow(self, follower: Follower) -> Callable[[], None]:
        """Have every entry from now on handed to `follower`; the result stops that."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)

    def entries(self, function: str) -> Iterator[LogEntry]:
        """The latest entries of a function, oldest first."""
        return iter(self._rings.get(function, ()))

    def write(self, function: str, stream: str, request_id: str | None, text: bytes) -> None:
        """`text` is whole lines."""
        entry = LogEntry(function, stream, request_id, int(self._clock() * 1000), text)
        if function not in self._rings:
            self._rings[function] = Ring(_RING_BYTES)
            self._files[function] = LogFile(self._directory / f"{function}.log")
        self._rings[function].add(entry)
        self._files[function].add(entry)
        for follower in self._followers:
            follower(entry)
        if self._flush is None:
            self._flush = self._loop.call_later(_FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Write what is only in memory to the files."""
        if self._flush:
            self._flush.cancel()
            self._flush = None
        for file in self._files.values():
            file.flush()

    def close(self) -> None:
        self.flush()
        for file in self._files.values():
            file.close()
