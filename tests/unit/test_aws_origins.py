"""Which pages may call the AWS endpoint."""

import asyncio
from typing import Any

import pytest

from toolchain.local.asgi import Receive, Scope, Send
from toolchain.local.aws.origins import OwnOrigins, is_own


@pytest.mark.parametrize(
    ("origin", "may"),
    [
        ("http://localhost:5173", True),
        ("http://127.0.0.1:3000", True),
        ("http://[::1]:3000", True),
        ("capacitor://localhost", True),
        ("https://app.localhost", True),
        ("https://shop.test:8443", True),
        ("https://example.com", False),
        ("http://localhost.example.com", False),
        ("http://mytest", False),
        ("http://evil.com/.test", False),
        ("null", False),
        ("", False),
        ("http://[", False),
    ],
)
def test_origins_of_this_machine(origin: str, may: bool) -> None:  # noqa: FBT001 - a column
    assert is_own(origin) == may


def _answer(headers: list[tuple[bytes, bytes]]) -> list[Any]:
    """What is sent: the start, and of a refusal the body."""
    sent: list[Any] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> dict[str, Any]:
        raise AssertionError("nobody reads the request")

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI's
        sent.append(message)

    asyncio.run(OwnOrigins(application)({"type": "http", "headers": headers}, receive, send))
    return sent


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([(b"host", b"127.0.0.1:4566")], 200),
        ([(b"origin", b"http://localhost:5173")], 200),
        ([(b"origin", b"https://example.com")], 403),
        ([(b"origin", b"http://localhost"), (b"origin", b"https://example.com")], 403),
        ([(b"origin", b"null"), (b"sec-fetch-site", b"same-origin")], 200),
        ([(b"origin", b"null"), (b"sec-fetch-site", b"cross-site")], 403),
        ([(b"origin", b"https://example.com"), (b"sec-fetch-site", b"same-origin")], 403),
    ],
    ids=[
        *("a program", "a page of this machine", "a page of the internet", "both"),
        *("a form of a page of its own", "a frame that hides its origin", "another name for this machine"),
    ],
)
def test_who_is_let_through(headers: list[tuple[bytes, bytes]], status: int) -> None:
    """Before anything of the request is read."""
    assert _answer(headers)[0]["status"] == status


def test_refusal_is_an_error_of_aws() -> None:
    """In JSON, whatever the request's protocol: who reads it is a page, or its developer."""
    body = (
        b'{"__type": "AccessDeniedException", "message": "pages of https://example.com may not call the local'
        b' cloud; those of localhost, *.localhost and *.test may"}'
    )
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    assert _answer([(b"origin", b"https://example.com")]) == [
        {"type": "http.response.start", "status": 403, "headers": headers},
        {"type": "http.response.body", "body": body},
    ]
