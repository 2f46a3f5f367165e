"""A function's log on disk: what was written, a time before each line, and the file before this one."""

import logging
import os
import time
from functools import lru_cache
from pathlib import Path

from toolchain.local.workers.logs.entries import LogEntry

_logger = logging.getLogger(__name__)
_LIMIT_BYTES = 16 << 20
_BUFFER_BYTES = 1 << 18


class LogFile:
    """Appends to a file; one that grows too large becomes `<name>.log.1`."""

    def __init__(self, path: Path, limit_bytes: int = _LIMIT_BYTES) -> None:
        self._path = path
        self._limit_bytes = limit_bytes
        self._buffer = bytearray()
        self._descriptor = -1
        self._size = 0
        self._is_failing = False

    def add(self, entry: LogEntry) -> None:
        """Not on disk before `flush`, unless it is much."""
        self.append(as_text(entry))

    def append(self, lines: bytes) -> None:
        """As add, for what is text already."""
        self._buffer += lines
        if len(self._buffer) > _BUFFER_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what there is; where that can't be, the lines are lost, but no request is."""
        if not self._buffer:
            return
        try:
            self._write()
        except OSError as error:
            if not self._is_failing:
                _logger.warning("%s can't be written: %s; lines are lost", self._path, error.strerror)
            self._is_failing = True
        else:
            self._is_failing = False
        self._buffer.clear()

    def _write(self) -> None:
        if self._descriptor >= 0 and not os.fstat(self._descriptor).st_nlink:
            self.close()  # somebody has removed the file
        if self._descriptor < 0:
            self._open()
        elif self._size > self._limit_bytes:
            self.close()
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))
            self._open()
        self._size += os.write(self._descriptor, self._buffer)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._size = os.fstat(self._descriptor).st_size


def as_text(entry: LogEntry) -> bytes:
    """`2026-02-03T04:05:06.789Z START RequestId: ...`; further lines of one event are indented."""
    prefix = _prefix(entry.time_ms)
    text = entry.text.rstrip(b"\n").replace(b"\n", b"\n" + prefix)
    if b"\r" in text:
        text = text.replace(b"\r", b"\n    ")
    return b"%b%b\n" % (prefix, text)


@lru_cache(maxsize=1)
def _prefix(time_ms: int) -> bytes:
    return b"%b.%03dZ " % (_second(time_ms // 1000), time_ms % 1000)


@lru_cache(maxsize=1)
def _second(seconds: int) -> bytes:
    """The same for thousands of entries."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)).encode()
