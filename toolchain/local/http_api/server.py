"""The HTTP server in front of an ASGI application: uvicorn with httptools, made quiet and strict.

    async with serving(application, listener):
        ...  # requests are answered

Signals are left to the program that it is part of.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from toolchain.local.asgi import Application
from toolchain.local.http_api.answers import Answer
from toolchain.local.http_api.errors import BadRequestError

KEEP_ALIVE_SECONDS = 75
"""How long a connection stays open without a request."""

SHUTDOWN_SECONDS = 5
"""How long requests may still take when the server stops."""


@contextlib.asynccontextmanager
async def serving(application: Application, *listeners: socket.socket) -> AsyncIterator[None]:
    """Serve an application on listening sockets, which are closed at the end, until the block is left."""
    for listener in listeners:
        # Connections inherit it. Without, an answer's content waits 40 ms for its head to be acknowledged.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = _Server(_config(application))
    task = asyncio.create_task(server.serve(sockets=list(listeners)))
    task.add_done_callback(lambda _: server.ready.set())
    try:
        await server.ready.wait()
        if task.done():
            await task  # it could not start
        yield
    finally:
        server.should_exit = True
        await task


def _config(application: Application) -> uvicorn.Config:
    """Nothing that an API Gateway does not have: no websockets, no lifespan, no log, no `server` header."""
    return uvicorn.Config(
        application,
        http=_Protocol,
        ws="none",
        loop="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


class _Server(uvicorn.Server):
    """A server that says when it is ready, and handles no signals."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(HttpToolsProtocol):
    """Answers what is not HTTP in JSON, in its turn; and upgrades to nothing (RFC 9110, 7.8)."""

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._stay(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response("")

    def on_headers_complete(self) -> None:
        if not self.parser.should_upgrade():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _stay(self, rest: bytes) -> None:
        """Read a request that asks for another protocol as if it did not.

        httptools takes what follows its head for the other protocol; but clients that offer HTTP/2
        (curl --http2, Java's) send a body as always, and go on if the offer is not taken.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            self.send_400_response("")
            return
        version = self.parser.get_http_version().encode("ascii")
        fields = [b"%b: %b\r\n" % field for field in self.headers if field[0] != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        head = b"%b %b HTTP/%b\r\n%b\r\n" % (method, self.url, version, b"".join(fields))
        self.data_received(head + rest)

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, unless that would be taken for the answer to an earlier request."""
        del msg
        last = self.cycle
        if last and not last.response_complete and not last.more_body:
            last.keep_alive = False  # the connection ends with the answer to the last good request
            return
        if last and not last.response_complete:
            last.disconnected = True  # it has broken off
            last.message_event.set()
        if not self.pipeline:
            self.transport.write(_rendered(BadRequestError().answer()))
        self.transport.close()


def _rendered(answer: Answer) -> bytes:
    fields = [*answer.fields, (b"content-length", b"%d" % len(answer.content)), (b"connection", b"close")]
    head = b"".join(b"%b: %b\r\n" % field for field in fields)
    return b"HTTP/1.1 400 Bad Request\r\n%b\r\n%b" % (head, answer.content)
