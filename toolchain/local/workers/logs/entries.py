"""Entries of a function's log."""

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
