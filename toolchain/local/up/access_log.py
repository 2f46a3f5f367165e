"""The HTTP API's access log: a line of JSON for each request, in .local/logs."""

import asyncio
from pathlib import Path

from toolchain.local.workers.logs.file import LogFile
from toolchain.project import Project

_FLUSH_SECONDS = 0.02


def access_log_path(project: Project) -> Path:
    """Beside the logs of functions; no function's name has a dot in it."""
    return project.local / "logs" / "api.access.log"


class AccessLogFile:
    """Takes lines without waiting for the disk, and writes them soon after."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._file = LogFile(path)
        self._loop = loop
        self._flush: asyncio.TimerHandle | None = None

    def write(self, line: bytes) -> None:
        """toolchain.local.http_api.access_log.AccessLog."""
        self._file.append(line)
        if self._flush is None:
            self._flush = self._loop.call_later(_FLUSH_SECONDS, self._write_out)

    def close(self) -> None:
        if self._flush:
            self._flush.cancel()
            self._write_out()
        self._file.close()

    def _write_out(self) -> None:
        self._flush = None
        self._file.flush()
