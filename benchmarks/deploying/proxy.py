"""An AWS endpoint that has another answer, and notes how long that took."""

import asyncio
import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import uvicorn

from toolchain.local.aws.endpoint import AwsEndpoint
from toolchain.local.aws.messages import HttpRequest, HttpResponse

_HOP = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


@dataclass(slots=True)
class Answered:
    """When requests were answered: pairs of seconds since 1970."""

    times: list[tuple[float, float]] = field(default_factory=list)

    def within(self, start: float, end: float) -> list[tuple[float, float]]:
        return sorted(pair for pair in self.times if start <= pair[0] <= end)

    def busy_seconds(self, start: float, end: float) -> float:
        """How long at least one request was being answered."""
        total, until = 0.0, start
        for begun, done in self.within(start, end):
            total += max(0.0, done - max(begun, until))
            until = max(until, done)
        return total


class _Forwarding:
    """A Handler; each thread has a connection of its own."""

    def __init__(self, endpoint: str, answered: Answered) -> None:
        self._address = urlsplit(endpoint)
        self._answered = answered
        self._own = threading.local()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.time()
        query = f"?{request.query}" if request.query else ""
        headers = {name: value for name, value in request.headers if name not in _HOP}
        connection = self._connection()
        connection.request(request.method, (request.raw_path or request.path) + query, request.body, headers)
        response = connection.getresponse()
        body = response.read()
        self._answered.times.append((begun, time.time()))
        kept = tuple(
            (name.lower(), value) for name, value in response.getheaders() if name.lower() not in _HOP
        )
        return HttpResponse(response.status, kept, body)

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection(
                self._address.hostname or "", self._address.port, timeout=120
            )
        connection: http.client.HTTPConnection = self._own.connection
        return connection


@contextmanager
def recording(endpoint: str) -> Iterator[tuple[str, Answered]]:
    """The URL of the proxy, and what is noted, until the block is left."""
    answered = Answered()
    application = AwsEndpoint(_Forwarding(endpoint, answered))
    config = uvicorn.Config(application, port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=asyncio.run, args=(server.serve(),))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", answered
    finally:
        server.should_exit = True
        thread.join()
        application.close()
