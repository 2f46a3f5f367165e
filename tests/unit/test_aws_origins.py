"""Which pages may call the AWS endpoint."""

import asyncio
import json
from typing import Any

import pytest

from toolchain.local.asgi import Receive, Scope, Send
from toolchain.local.aws.origins import OwnOrigins, is_own, is_own_host


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


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("localhost:4566", True),
        ("LOCALHOST:4566", True),
        ("localhost.:4566", True),
        ("127.0.0.1:4566", True),
        ("[::1]:4566", True),
        ("172.17.0.1:4566", True),
        ("bucket.localhost:4566", True),
        ("bucket.s3.localhost:4566", True),
        ("aws.shop.test", True),
        ("host.docker.internal:4566", True),
        ("sqs.eu-west-1.amazonaws.com", True),
        ("bucket.s3.amazonaws.com", True),
        ("evil.example:4566", False),
        ("localhost.evil.example:4566", False),
        ("evilamazonaws.com", False),
        ("127.0.0.1.evil.example", False),
        ("[", False),
        ("", False),
    ],
)
def test_names_of_this_machine(host: str, is_here: bool) -> None:  # noqa: FBT001 - a column
    assert is_own_host(host) == is_here


def _answer(headers: list[tuple[bytes, bytes]], query: bytes = b"") -> list[Any]:
    """What is sent: the start, and of a refusal the body."""
    sent: list[Any] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> dict[str, Any]:
        raise AssertionError("nobody reads the request")

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI's
        sent.append(message)

    scope = {"type": "http", "headers": headers, "query_string": query}
    asyncio.run(OwnOrigins(application)(scope, receive, send))
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


_CROSS_SITE = (b"sec-fetch-site", b"cross-site")
_OPENED = (b"sec-fetch-dest", b"document")


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ([(b"host", b"evil.example:4566")], b"", 403),
        ([(b"host", b"localhost:4566"), (b"host", b"evil.example")], b"", 403),
        ([], b"", 200),
        ([_CROSS_SITE], b"", 403),
        ([_CROSS_SITE, (b"referer", b"https://example.com/")], b"", 403),
        ([_CROSS_SITE, (b"referer", b"http://localhost:5173/")], b"", 200),
        ([_CROSS_SITE, _OPENED], b"client_id=1&redirect_uri=x", 200),
        ([_CROSS_SITE, _OPENED], b"Action=DeleteQueue", 403),
        ([_CROSS_SITE, _OPENED], b"%41ction=DeleteQueue", 403),
        ([_CROSS_SITE, (b"sec-fetch-dest", b"iframe")], b"", 403),
        ([(b"sec-fetch-site", b"same-site")], b"", 200),
    ],
    ids=[
        *("a name that means this machine by now", "two names", "none, as in HTTP/1.0"),
        *("an image", "an image that says where", "an image in a page of this machine"),
        *("sent to sign in", "a link that does something", "the same in disguise", "a frame", "another port"),
    ],
)
def test_who_names_no_origin(headers: list[tuple[bytes, bytes]], query: bytes, status: int) -> None:
    """A page of the internet may be behind it all the same."""
    assert _answer(headers, query)[0]["status"] == status


def _message(field: tuple[bytes, bytes]) -> str:
    return str(json.loads(_answer([field])[1]["body"])["message"])


def test_refusals_say_what_may() -> None:
    assert _message((b"host", b"evil.example:4566")) == (
        "the local cloud is not called evil.example:4566, but localhost, *.localhost, *.test, *.internal,"
        " *.amazonaws.com and addresses; a tunnel must send such a Host"
    )
    assert _message(_CROSS_SITE) == (
        "pages of other sites may not call the local cloud; those of localhost, *.localhost and *.test may"
    )


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
