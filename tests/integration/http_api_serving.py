"""An ASGI application on a real port, and what clients need to talk to it."""

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvloop

from toolchain.local.asgi import Application
from toolchain.local.http_api import serving


@contextmanager
def served(application: Application) -> Iterator[int]:
    """Serve on a free port of the loopback interface, in a thread; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    port: int = listener.getsockname()[1]
    ready, loop, stop = threading.Event(), uvloop.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with serving(application, listener):
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()
        assert not thread.is_alive()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def talk(port: int, *sent: bytes) -> bytes:
    """Send bytes and read until the server closes the connection."""
    with connect(port) as client:
        for piece in sent:
            client.sendall(piece)
        return read_all(client)


def read_all(client: socket.socket) -> bytes:
    received = b""
    while piece := client.recv(65536):
        received += piece
    return received


def split_responses(received: bytes) -> list[tuple[int, bytes]]:
    """Status and content of every response in a stream of them, all with content-length or none at all."""
    responses = []
    while received:
        head, _, received = received.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        lengths = [int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")]
        length = lengths[0] if lengths else 0
        responses.append((int(lines[0].split()[1]), received[:length]))
        received = received[length:]
    return responses


@contextmanager
def http_client(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def whole_response(
    connection: http.client.HTTPConnection, method: str, path: str, **headers: str
) -> tuple[Any, ...]:
    """Status, reason, all headers but the date's value, content."""
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    fields = sorted((name, value) for name, value in response.getheaders() if name != "date")
    assert response.getheader("date")
    assert len(dict(fields).pop("apigw-requestid")) == 16
    fields = [field for field in fields if field[0] != "apigw-requestid"]
    return response.status, response.reason, fields, response.read()
