"""The HTTP API over real sockets, with functions that are fakes: whole answers, and requests of any size."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.http_api_serving import (
    connect,
    http_client,
    read_all,
    served,
    split_responses,
    talk,
    whole_response,
)
from tests.unit.http_api_fakes import SIGNED_IN, Gateway, echo
from toolchain.local.http_api import Cors, Route


def _full(_: object) -> dict[str, Any]:
    headers = {"Content-Type": "text/html", "Access-Control-Allow-Origin": "https://wrong.example"}
    return {"statusCode": 201, "headers": headers, "cookies": ["a=1", "b=2"], "body": "<p>ü</p>"}


def _fail(_: object) -> None:
    raise ValueError("secret")


_ROUTES = [
    Route("ANY /echo/{proxy+}", "echo", None),
    Route("GET /full", "full", None),
    Route("HEAD /full", "full", None),
    Route("DELETE /nothing", "nothing", None),
    Route("GET /fail", "fail", None),
    Route("GET /me", "echo", SIGNED_IN),
]


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    behaviours = {"echo": echo, "full": _full, "fail": _fail, "nothing": lambda _: {"statusCode": 204}}
    cors = Cors(("https://app.example",), ("GET",), ("authorization",), max_age_seconds=60)
    return Gateway(_ROUTES, behaviours, {"cors": cors})


@pytest.fixture(scope="module")
def port(gateway: Gateway) -> Iterator[int]:
    with served(gateway.application) as port:
        yield port


_JSON = ("content-type", "application/json")


def test_whole_responses(port: int, gateway: Gateway) -> None:
    """On one connection, which is kept open."""
    html = "<p>ü</p>".encode()
    challenge = (
        'Bearer scope="aws.cognito.signin.user.admin" error="insufficient_scope" '
        'error_description="the token has none of the route\'s scopes"'
    )
    allowed = ("access-control-allow-origin", "https://app.example")
    forbidden = gateway.issuer.token(scope="openid")
    with http_client(port) as client:
        assert whole_response(client, "GET", "/full") == (
            201,
            "Created",
            [
                ("content-length", "9"),
                ("content-type", "text/html"),
                ("set-cookie", "a=1"),
                ("set-cookie", "b=2"),
            ],
            html,
        )
        assert whole_response(client, "HEAD", "/full", Origin="https://app.example") == (
            201,
            "Created",
            [
                allowed,
                ("content-length", "9"),
                ("content-type", "text/html"),
                ("set-cookie", "a=1"),
                ("set-cookie", "b=2"),
            ],
            b"",
        )
        assert whole_response(client, "DELETE", "/nothing") == (204, "No Content", [], b"")
        assert whole_response(client, "GET", "/nowhere") == (
            404,
            "Not Found",
            [("content-length", "23"), _JSON],
            b'{"message":"Not Found"}',
        )
        assert whole_response(client, "GET", "/fail") == (
            500,
            "Internal Server Error",
            [("content-length", "35"), _JSON],
            b'{"message":"Internal Server Error"}',
        )
        assert whole_response(client, "GET", "/me", Origin="https://app.example") == (
            401,
            "Unauthorized",
            [allowed, ("content-length", "26"), _JSON, ("www-authenticate", "Bearer")],
            b'{"message":"Unauthorized"}',
        )
        assert whole_response(client, "GET", "/me", Authorization=f"Bearer {forbidden}") == (
            403,
            "Forbidden",
            [
                ("content-length", "23"),
                _JSON,
                ("www-authenticate", challenge),
            ],
            b'{"message":"Forbidden"}',
        )
        assert whole_response(client, "OPTIONS", "/me", Origin="https://app.example") == (
            204,
            "No Content",
            [
                ("access-control-allow-headers", "authorization"),
                ("access-control-allow-methods", "GET"),
                allowed,
                ("access-control-max-age", "60"),
            ],
            b"",
        )


def test_a_signed_in_caller_reaches_the_function(port: int, gateway: Gateway) -> None:
    with http_client(port) as client:
        status, _, _, content = whole_response(client, "GET", "/me", Authorization=gateway.issuer.token())
    assert (status, json.loads(content)["path"]) == (200, "/me")


@pytest.mark.parametrize("body", [b"", b"hello", b"a" * 300_000, b"a" * 5_000_000])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_bodies_arrive_whole(port: int, body: bytes, is_chunked: bool) -> None:  # noqa: FBT001
    with http_client(port) as client:
        pieces = iter([body[:1000], body[1000:]]) if is_chunked else body
        client.request("POST", "/echo/x", pieces, {"content-type": "text/plain"}, encode_chunked=is_chunked)
        echoed = json.loads(client.getresponse().read())
    assert (echoed["body"] or "").encode() == body
    assert echoed["headers"]["content-length"] == str(len(body))


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_and_the_connection_goes_on(port: int, is_chunked: bool) -> None:  # noqa: FBT001
    body = b"a" * (10 * 1024 * 1024 + 1)
    with http_client(port) as client:
        client.request("POST", "/echo/x", iter([body]) if is_chunked else body, encode_chunked=is_chunked)
        response = client.getresponse()
        assert (response.status, response.read()) == (413, b'{"message":"Request Entity Too Large"}')
        client.request("GET", "/echo/x")
        assert client.getresponse().status == 200


def test_a_client_is_asked_to_continue(port: int) -> None:
    fields = b"host: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\nconnection: close\r\n\r\n"
    with connect(port) as client:
        client.sendall(b"POST /echo/x HTTP/1.1\r\n" + fields)
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"hi")
        assert read_all(client).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("size", [10_000, 1_000_000])
def test_headers_that_are_too_large_are_refused(port: int, size: int) -> None:
    received = talk(
        port,
        b"GET /echo/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx: " + b"a" * (size + 300) + b"\r\n\r\n",
    )
    assert split_responses(received) == [(431, b'{"message":"Request Header Fields Too Large"}')]
