"""Functions' logs in CloudWatch Logs: moto gets them when somebody asks for logs, not before.

So a request to a function costs no more than keeping a reference to what it logged.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from moto.logs.models import LogGroup, logs_backends

from toolchain.local.aws.log_streams import put_events
from toolchain.local.aws.messages import Handler, HttpRequest, HttpResponse
from toolchain.local.workers.logs import LogEntry

_TARGET = "Logs_20140328."
_WAITING_BYTES = 2 << 20


class FunctionLogs:
    """A follower of the LogStore. Of what nobody asks for, the latest 2 MB are kept.

    `place_of` gives account and region of a function.
    """

    def __init__(self, place_of: Callable[[str], tuple[str, str]]) -> None:
        self._place_of = place_of
        self._lock = threading.Lock()
        self._waiting: deque[LogEntry] = deque()
        self._bytes = 0

    def __call__(self, entry: LogEntry) -> None:
        """Take an entry; never waits for moto."""
        with self._lock:
            self._waiting.append(entry)
            self._bytes += len(entry.text)
            while self._bytes > _WAITING_BYTES and len(self._waiting) > 1:
                self._bytes -= len(self._waiting.popleft().text)

    def deliver(self) -> None:
        """Bring moto up to date: a log group for each function, a stream for each of its instances."""
        with self._lock:
            entries, self._waiting, self._bytes = self._waiting, deque(), 0
        for entry in entries:
            events = [{"timestamp": entry.time_ms, "message": f"{line}\n"} for line in entry.lines()]
            put_events(self._group(entry.function), entry.stream, events)

    def _group(self, function: str) -> LogGroup:
        account, region = self._place_of(function)
        backend = logs_backends[account][region]
        name = f"/aws/lambda/{function}"
        backend.ensure_log_group(name)
        group: LogGroup = backend.groups[name]
        return group


class Delivering(Protocol):
    """Logs that wait until somebody asks for them."""

    def deliver(self) -> None:
        """Bring moto up to date."""


@dataclass(frozen=True, slots=True)
class LogsHandler:
    """Delivers what waits before moto answers about logs."""

    logs: tuple[Delivering, ...]
    following: Handler
    _delivering: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.header("x-amz-target").startswith(_TARGET):
            with self._delivering:
                for logs in self.logs:
                    logs.deliver()
        return self.following(request)
