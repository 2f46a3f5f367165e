"""The HTTP API over real sockets, with functions that are fakes."""

import contextlib
import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.http_api_serving import connect, read_all, served, split_responses, talk
from tests.unit.http_api_fakes import SIGNED_IN, Gateway
from toolchain.local.http_api import Cors, Route

_BAD_REQUEST = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: 25\r\n"
    b'connection: close\r\n\r\n{"message":"Bad Request"}'
)


def _echo(event: dict[str, Any]) -> dict[str, Any]:
    """What the function got, as the content."""
    got = {"method": event["requestContext"]["http"]["method"], "path": event["rawPath"]}
    return {**got, "body": event.get("body"), "headers": event["headers"]}


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
    behaviours = {"echo": _echo, "full": _full, "fail": _fail, "nothing": lambda _: {"statusCode": 204}}
    cors = Cors(("https://app.example",), ("GET",), ("authorization",), max_age_seconds=60)
    return Gateway(_ROUTES, behaviours, {"cors": cors})


@pytest.fixture(scope="module")
def port(gateway: Gateway) -> Iterator[int]:
    with served(gateway.application) as port:
        yield port


@contextlib.contextmanager
def _client(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def _whole(connection: http.client.HTTPConnection, method: str, path: str, **headers: str) -> tuple[Any, ...]:
    """Status, reason, all headers but the date's value, content."""
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    fields = sorted((name, value) for name, value in response.getheaders() if name != "date")
    assert response.getheader("date")
    assert len(dict(fields).pop("apigw-requestid")) == 16
    fields = [field for field in fields if field[0] != "apigw-requestid"]
    return response.status, response.reason, fields, response.read()


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
    with _client(port) as client:
        assert _whole(client, "GET", "/full") == (
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
        assert _whole(client, "HEAD", "/full", Origin="https://app.example") == (
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
        assert _whole(client, "DELETE", "/nothing") == (204, "No Content", [], b"")
        assert _whole(client, "GET", "/nowhere") == (
            404,
            "Not Found",
            [("content-length", "23"), _JSON],
            b'{"message":"Not Found"}',
        )
        assert _whole(client, "GET", "/fail") == (
            500,
            "Internal Server Error",
            [("content-length", "35"), _JSON],
            b'{"message":"Internal Server Error"}',
        )
        assert _whole(client, "GET", "/me", Origin="https://app.example") == (
            401,
            "Unauthorized",
            [allowed, ("content-length", "26"), _JSON, ("www-authenticate", "Bearer")],
            b'{"message":"Unauthorized"}',
        )
        assert _whole(client, "GET", "/me", Authorization=f"Bearer {forbidden}") == (
            403,
            "Forbidden",
            [
                ("content-length", "23"),
                _JSON,
                ("www-authenticate", challenge),
            ],
            b'{"message":"Forbidden"}',
        )
        assert _whole(client, "OPTIONS", "/me", Origin="https://app.example") == (
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
    with _client(port) as client:
        status, _, _, content = _whole(client, "GET", "/me", Authorization=gateway.issuer.token())
    assert (status, json.loads(content)["path"]) == (200, "/me")


@pytest.mark.parametrize("body", [b"", b"hello", b"a" * 300_000, b"a" * 5_000_000])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_bodies_arrive_whole(port: int, body: bytes, is_chunked: bool) -> None:  # noqa: FBT001
    with _client(port) as client:
        pieces = iter([body[:1000], body[1000:]]) if is_chunked else body
        client.request("POST", "/echo/x", pieces, {"content-type": "text/plain"}, encode_chunked=is_chunked)
        echoed = json.loads(client.getresponse().read())
    assert (echoed["body"] or "").encode() == body
    assert echoed["headers"]["content-length"] == str(len(body))


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_and_the_connection_goes_on(port: int, is_chunked: bool) -> None:  # noqa: FBT001
    body = b"a" * (10 * 1024 * 1024 + 1)
    with _client(port) as client:
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


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nhost: x\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nx y: z\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: \x00\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST /echo/x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_not_http_is_a_bad_request(port: int, sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is logged: anybody can send anything."""
    with caplog.at_level(logging.DEBUG):
        assert talk(port, sent) == _BAD_REQUEST
    assert caplog.text == ""


def test_pipelined_requests_are_answered_in_order(port: int, gateway: Gateway) -> None:
    gateway.functions.seconds = 0.01
    requests = [b"GET /echo/%d HTTP/1.1\r\nhost: x\r\n\r\n" % number for number in range(5)]
    last = b"GET /echo/last HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    responses = split_responses(talk(port, b"".join(requests) + last))
    gateway.functions.seconds = 0.0
    paths = [json.loads(content)["path"] for _, content in responses]
    assert paths == [*(f"/echo/{number}" for number in range(5)), "/echo/last"]


def test_what_follows_a_request_and_is_none_gets_no_answer_before_it(port: int, gateway: Gateway) -> None:
    """The client would take the 400 for the answer to its good request."""
    gateway.functions.seconds = 0.05
    received = talk(port, b"GET /echo/x HTTP/1.1\r\nhost: x\r\n\r\nrubbish\r\n\r\n")
    gateway.functions.seconds = 0.0
    ((status, content),) = split_responses(received)
    assert (status, json.loads(content)["path"]) == (200, "/echo/x")


def test_what_breaks_off_behind_a_request_gets_no_answer_before_it(port: int, gateway: Gateway) -> None:
    """There is nothing to wait for, so the connection ends at once."""
    gateway.functions.seconds = 0.05
    broken = b"POST /echo/y HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n"
    assert talk(port, b"GET /echo/x HTTP/1.1\r\nhost: x\r\n\r\n" + broken) == b""
    gateway.functions.seconds = 0.0


def test_an_old_client_gets_its_answer_and_the_end_of_the_connection(port: int) -> None:
    received = talk(port, b"GET /echo/x HTTP/1.0\r\n\r\n")
    ((status, content),) = split_responses(received)
    assert (status, json.loads(content)["path"]) == (200, "/echo/x")


@pytest.mark.parametrize("protocol", [b"websocket", b"h2c"])
@pytest.mark.parametrize(
    "body", [b"content-length: 2\r\n\r\nhi", b"transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"]
)
def test_an_upgrade_is_not_taken(port: int, protocol: bytes, body: bytes) -> None:
    """The request is answered as it is, its body is not lost, and the connection goes on."""
    start = b"POST /echo/x HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\nconnection: upgrade\r\n"
    first = start + b"upgrade: %b\r\n" % protocol + body
    last = b"GET /echo/last HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    for pieces in ((first + last,), (first[:-3], first[-3:], last), (first, last)):
        one, two = (json.loads(content) for _, content in split_responses(talk(port, *pieces)))
        assert (one["body"], one["path"], two["path"]) == ("hi", "/echo/x", "/echo/last")


def test_slow_clients_do_not_hold_up_others(port: int) -> None:
    """A hundred of them, each in the middle of a request."""
    request = b"POST /echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: 60\r\n\r\n" + b"a" * 60
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connect(port)) for _ in range(100)]
        for index, client in enumerate(slow):
            client.sendall(request[: 10 + index])
        with _client(port) as quick:
            for _ in range(20):
                assert _whole(quick, "GET", "/echo/x")[0] == 200
        slow[0].sendall(request[10:])
        assert slow[0].recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")


def test_clients_that_hang_up_leave_nothing(
    port: int, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    """In the head, in the body, and while the function runs."""
    gateway.functions.seconds = 0.02
    request = b"POST /echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nabcd"
    for length in (5, len(request) - 2, len(request)):
        for _ in range(10):
            with connect(port) as client:
                client.sendall(request[:length])
                client.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0"
                )  # reset, not finish
    gateway.functions.seconds = 0.0
    with _client(port) as client:
        assert _whole(client, "GET", "/echo/x")[0] == 200
    assert caplog.text == ""


def test_many_connections_at_once(port: int) -> None:
    """Every answer is that to its own request."""
    failures: list[object] = []

    def work(number: int) -> None:
        with _client(port) as client:
            for turn in range(20):
                path = f"/echo/{number}/{turn}"
                content = _whole(client, "GET", path)[3]
                if json.loads(content)["path"] != path:
                    failures.append((path, content))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_requests_under_way_are_answered_when_the_server_stops() -> None:
    gateway = Gateway([Route("GET /x", "f", None)], {"f": lambda _: "done"})
    gateway.functions.seconds = 0.3
    received: list[bytes] = []
    with served(gateway.application) as port:
        thread = threading.Thread(
            target=lambda: received.append(talk(port, b"GET /x HTTP/1.1\r\nhost: x\r\n\r\n"))
        )
        thread.start()
        while not gateway.functions.calls:
            time.sleep(0.001)
    thread.join()
    assert split_responses(received[0]) == [(200, b"done")]
    with pytest.raises(ConnectionRefusedError):
        connect(port)
