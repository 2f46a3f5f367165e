"""Connections, as far as no socket is needed to see what they do."""

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from toolchain.local.asgi import Receive, Scope, Send
from toolchain.local.http_api.answers import Answer
from toolchain.local.http_api.protocol import QuickProtocol

_REQUEST = b"GET /a%20b?c=d HTTP/1.1\r\nHost: x\r\nX-Y: z\r\n\r\n"


class _Application:
    """A Responder that takes a moment; what it was asked is in `scopes`."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError(f"it was not answered directly: {scope}, {receive}, {send}")

    async def respond(self, scope: Scope, receive: Receive) -> Answer:
        del receive
        self.scopes.append(scope)
        await asyncio.sleep(0.01)
        return Answer(200, [(b"content-length", b"2")], b"ok")


class _Transport(asyncio.Transport):
    """As uvloop's: there is no writing to one that is closing."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closing = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as asyncio's
        return {"peername": ("127.0.0.1", 50123), "sockname": ("127.0.0.1", 8000)}.get(name, default)

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closing
        self.written += data

    def resume_reading(self) -> None:
        """It was not paused."""


def _talk(sent: bytes, *, is_reset: bool = False) -> tuple[_Application, _Transport, BaseException | None]:
    """What the application was asked, what was written, and how the answering ended."""

    async def talk() -> tuple[_Application, _Transport, BaseException | None]:
        application, transport = _Application(), _Transport()
        config = uvicorn.Config(application, lifespan="off", log_config=None, proxy_headers=False)
        protocol = QuickProtocol(config=config, server_state=ServerState(), app_state={})
        protocol.connection_made(transport)
        protocol.data_received(sent)
        transport.closing = is_reset
        task = protocol.cycle.task
        await asyncio.wait([task])
        assert protocol.tasks == set()
        return application, transport, task.exception()

    return asyncio.run(talk())


def test_a_request_without_a_body_is_answered_directly() -> None:
    application, transport, error = _talk(_REQUEST)
    (scope,) = application.scopes
    assert {name: scope[name] for name in ("method", "path", "raw_path", "query_string", "http_version")} == {
        "method": "GET",
        "path": "/a b",
        "raw_path": b"/a%20b",
        "query_string": b"c=d",
        "http_version": "1.1",
    }
    assert scope["headers"] == [(b"host", b"x"), (b"x-y", b"z")]
    assert (scope["client"], scope["server"]) == (("127.0.0.1", 50123), ("127.0.0.1", 8000))
    assert transport.written == b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
    assert (error, transport.closing) == (None, False)


@pytest.mark.parametrize(
    "request_", [b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n", b"GET / HTTP/1.0\r\nhost: x\r\n\r\n"]
)
def test_the_connection_ends_with_the_answer_where_the_client_says_so(request_: bytes) -> None:
    _, transport, error = _talk(request_)
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n"
    assert (transport.written, error, transport.closing) == (head + b"ok", None, True)


def test_an_answer_to_head_has_no_content() -> None:
    _, transport, _ = _talk(b"HEAD / HTTP/1.1\r\nhost: x\r\n\r\n")
    assert transport.written == b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


def test_a_connection_that_was_reset_meanwhile_gets_no_answer() -> None:
    """It is closed a moment before that is said."""
    _, transport, error = _talk(_REQUEST, is_reset=True)
    assert (transport.written, error) == (b"", None)
