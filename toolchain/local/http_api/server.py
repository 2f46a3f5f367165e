"""The HTTP server in front of an ASGI application: uvicorn with httptools, made quiet and strict.

    async with serving(application, listener):
        ...  # requests are answered

Signals are left to the program that it is part of.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn

from toolchain.local.asgi import Application
from toolchain.local.http_api.protocol import KEEP_ALIVE_SECONDS, QuickProtocol, Responder, StrictProtocol

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
        http=QuickProtocol if isinstance(application, Responder) else StrictProtocol,
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
