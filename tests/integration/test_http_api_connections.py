"""Connections to the HTTP API: bytes that are no HTTP, several requests, slow and many clients, the end."""

import contextlib
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.integration.http_api_serving import (
    connect,
    http_client,
    served,
    split_responses,
    talk,
    whole_response,
)
from tests.unit.http_api_fakes import Gateway, echo
from toolchain.local.http_api import Route

_BAD_REQUEST = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: 25\r\n"
    b'connection: close\r\n\r\n{"message":"Bad Request"}'
)


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    return Gateway([Route("ANY /echo/{proxy+}", "echo", None)], {"echo": echo})


@pytest.fixture(scope="module")
def port(gateway: Gateway) -> Iterator[int]:
    with served(gateway.application) as port:
        yield port


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
        with http_client(port) as quick:
            for _ in range(20):
                assert whole_response(quick, "GET", "/echo/x")[0] == 200
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
    with http_client(port) as client:
        assert whole_response(client, "GET", "/echo/x")[0] == 200
    assert caplog.text == ""


def test_many_connections_at_once(port: int) -> None:
    """Every answer is that to its own request."""
    failures: list[object] = []

    def work(number: int) -> None:
        with http_client(port) as client:
            for turn in range(20):
                path = f"/echo/{number}/{turn}"
                content = whole_response(client, "GET", path)[3]
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
