"""How large requests may be."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from tests.unit.http_api_fakes import Gateway, asgi_request
from toolchain.local.http_api import Route
from toolchain.local.http_api.limits import MAX_BODY_BYTES, MAX_HEAD_BYTES


def _gateway(*routes: Route, **settings: object) -> Gateway:
    """An API whose function answers with the body that it gets."""

    def echo(event: dict[str, Any]) -> dict[str, Any]:
        return {"statusCode": 200, "body": event.get("body", "")}

    return Gateway(routes or (Route("POST /x", "echo", None),), {"echo": echo}, settings)


def _header_filling(size: int) -> tuple[str, str]:
    """A header that makes request line and header values so long: POST /x HTTP/1.1, localhost:8000."""
    return "x-filling", "a" * (size - len("POST /x HTTP/1.1") - len("localhost:8000"))


@pytest.mark.parametrize(
    ("size", "status"), [(MAX_HEAD_BYTES, 200), (MAX_HEAD_BYTES + 1, 431), (10 * MAX_HEAD_BYTES, 431)]
)
def test_request_line_and_headers_may_be_so_long(size: int, status: int) -> None:
    gateway = _gateway()
    response = gateway.request("POST", "/x", [_header_filling(size)])
    assert response.status == status
    if status == 431:
        assert response.content == b'{"message":"Request Header Fields Too Large"}'
        assert gateway.log[0]["error"] == f"request line and header values have {size} bytes"


@pytest.mark.parametrize(
    ("version", "hosts", "status"),
    [
        ("1.1", ["a"], 200),
        ("1.1", [], 400),
        ("1.1", ["a", "a"], 400),
        ("1.0", [], 200),
        ("1.0", ["a", "b"], 400),
        ("2.0", ["a"], 400),
    ],
)
def test_a_request_names_one_host(version: str, hosts: list[str], status: int) -> None:
    """RFC 9112, 3.2. HTTP/2 is another protocol, whatever the first line says."""
    gateway = _gateway()
    scope, receive = asgi_request("POST", "/x", [], b"")
    others = [field for field in scope["headers"] if field[0] != b"host"]
    scope |= {"http_version": version, "headers": [*others, *((b"host", host.encode()) for host in hosts)]}
    answer = asyncio.run(gateway.application.respond(scope, receive))
    assert answer
    assert answer.status == status
    if status == 400:
        assert answer.content == b'{"message":"Bad Request"}'
        assert gateway.functions.calls == []


def test_a_long_query_counts_too() -> None:
    assert _gateway().request("POST", f"/x?{'a' * MAX_HEAD_BYTES}").status == 431


@pytest.mark.parametrize(
    "body", [b"a" * (MAX_BODY_BYTES + 1), [b"a" * MAX_BODY_BYTES, b"a"], [b"a" * 1000] * 11_000]
)
def test_a_body_over_the_limit_is_refused(body: bytes | list[bytes]) -> None:
    """Whether its length is announced or not."""
    gateway = _gateway()
    response = gateway.request("POST", "/x", body=body)
    assert (response.status, response.content) == (413, b'{"message":"Request Entity Too Large"}')
    assert gateway.functions.calls == []


def test_a_body_over_lambdas_limit_is_refused() -> None:
    """6 MB, which is under the API's own."""
    gateway = _gateway()
    response = gateway.request("POST", "/x", [("content-type", "text/plain")], b"a" * 7_000_000)
    assert (response.status, response.content) == (413, b'{"message":"Request Entity Too Large"}')
    assert gateway.log[0]["integrationError"].startswith("RequestEntityTooLargeException: ")


def test_a_target_that_is_no_path_is_a_bad_request() -> None:
    """`OPTIONS *` asks about the server itself (RFC 9112, 3.2.4), which API Gateway does not show. [U]."""
    response = _gateway(Route("ANY /{proxy+}", "echo", None)).request("OPTIONS", "*")
    assert (response.status, response.content) == (400, b'{"message":"Bad Request"}')


def test_a_body_in_pieces_is_put_together() -> None:
    gateway = _gateway()
    response = gateway.request("POST", "/x", [("content-type", "text/plain")], [b"one ", b"", b"two"])
    assert response.content == b"one two"
    headers = gateway.event["headers"]
    assert (headers["content-length"], "transfer-encoding" in headers) == ("7", False)


def test_a_length_that_is_none_is_a_bad_request() -> None:
    response = _gateway().request("POST", "/x", [("content-length", "-1")])
    assert (response.status, response.content) == (400, b'{"message":"Bad Request"}')


def test_a_client_that_goes_away_is_forgotten() -> None:
    """Half a body is no request: no function runs, nothing is answered or logged."""
    gateway = _gateway()
    scope, receive = asgi_request("POST", "/x", [], body=[])

    async def send(message: MutableMapping[str, Any]) -> None:
        raise AssertionError(message)

    asyncio.run(gateway.application(scope, receive, send))
    assert (gateway.functions.calls, gateway.lines) == ([], [])
