"""The gateway as a whole: routes that are deployed, functions that don't answer, the access log."""

import asyncio
import logging
import re
from collections.abc import MutableMapping
from typing import Any

import pytest

from tests.unit.http_api_fakes import SIGNED_IN, Gateway, asgi_request
from toolchain.local.http_api import Route, Routes
from toolchain.local.invocation import FunctionNotFoundError


def _gateway(*routes: Route, **settings: object) -> Gateway:
    """An API whose function answers with the body that it gets."""

    def echo(event: dict[str, Any]) -> dict[str, Any]:
        return {"statusCode": 200, "body": event.get("body", "")}

    return Gateway(routes or (Route("POST /x", "echo", None),), {"echo": echo}, settings)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/x"), ("POST", "/y"), ("OPTIONS", "/x"), ("HEAD", "/x"), ("BREW", "/x")]
)
def test_no_route_is_not_found(method: str, path: str) -> None:
    response = _gateway().request(method, path)
    assert (response.status, response.content) == (404, b'{"message":"Not Found"}')
    assert response.own_headers() == {"content-type": "application/json"}


def test_a_function_that_takes_too_long_is_unavailable() -> None:
    """The client is told; the function runs on."""
    gateway = _gateway(integration_timeout_seconds=0.01)
    gateway.functions.seconds = 10
    response = gateway.request("POST", "/x")
    assert (response.status, response.content) == (503, b'{"message":"Service Unavailable"}')
    assert gateway.log[0]["integrationError"] == "the function did not answer in time"


def test_a_function_that_is_missing_is_an_internal_server_error() -> None:
    gateway = _gateway(Route("GET /x", "missing", None), Route("GET /y", "echo", None, qualifier="none"))
    for path, name in (("/x", "missing:$LATEST"), ("/y", "echo:none")):
        response = gateway.request("GET", path)
        assert (response.status, response.content) == (500, b'{"message":"Internal Server Error"}')
        error = gateway.log[-1]["integrationError"]
        assert error == f"ResourceNotFoundException: Function not found: {name}"


def test_an_alias_is_called() -> None:
    gateway = _gateway(Route("GET /x", "echo", None, qualifier="live"))
    assert gateway.request("GET", "/x").status == 200
    assert gateway.functions.calls[0].qualifier == "live"


def test_a_mistake_of_ours_is_an_internal_server_error(caplog: pytest.LogCaptureFixture) -> None:
    """With a traceback on our side, and nothing of it on the client's."""
    gateway = _gateway(api=None)  # which no caller that is type-checked can do
    with caplog.at_level(logging.ERROR):
        response = gateway.request("POST", "/x")
    assert (response.status, response.content) == (500, b'{"message":"Internal Server Error"}')
    assert "AttributeError" in caplog.text
    assert gateway.log[0]["error"] == "the HTTP API itself failed; its log says how"


def test_other_protocols_are_refused() -> None:
    scope, receive = asgi_request("GET", "/x", [], b"")

    async def send(message: MutableMapping[str, Any]) -> None:
        raise AssertionError(message)

    with pytest.raises(ValueError, match="does not speak websocket"):
        asyncio.run(_gateway().application({**scope, "type": "websocket"}, receive, send))


def test_new_routes_replace_the_old_ones() -> None:
    """Tokens that were verified need not be verified again."""
    gateway = _gateway(Route("GET /me", "echo", SIGNED_IN))
    headers = [("Authorization", gateway.issuer.token())]
    assert gateway.request("GET", "/me", headers).status == 200
    gateway.application.deploy(Routes.of([Route("GET /you", "echo", SIGNED_IN)]))
    assert [gateway.request("GET", path, headers).status for path in ("/me", "/you")] == [404, 200]
    assert gateway.issuer.fetched == 1


def test_what_was_edited_counts_before_a_request_is_let_through() -> None:
    """A route that is new, and one that no longer lets everybody through."""
    asked: list[str | None] = []

    async def refresh(function: str | None) -> None:
        asked.append(function)
        gateway.application.deploy(Routes.of(edited))

    gateway = _gateway(refresh=refresh)
    edited = [Route("POST /x", "echo", SIGNED_IN), Route("POST /new", "echo", None)]
    assert gateway.request("POST", "/new").status == 200
    gateway.application.deploy(Routes.of(gateway.routes))
    assert gateway.request("POST", "/x").status == 401
    assert gateway.request("POST", "/x", [("Authorization", gateway.issuer.token())]).status == 200
    assert asked == [None, "echo", "echo"]


def test_a_function_that_is_gone_cannot_be_refreshed() -> None:
    async def refresh(function: str | None) -> None:
        raise FunctionNotFoundError(f"Function not found: {function}")

    gateway = _gateway(Route("GET /x", "missing", None), refresh=refresh)
    assert gateway.request("GET", "/x").status == 500


def test_before_anything_is_deployed_nothing_is_found() -> None:
    gateway = _gateway()
    gateway.application.deploy(Routes())
    assert gateway.request("POST", "/x").status == 404


def test_a_line_of_the_access_log() -> None:
    """The query is not in it: it may hold a secret."""
    gateway = _gateway()
    gateway.request("POST", "/x?token=secret", [("content-type", "text/plain")], b"hello")
    (line,) = gateway.lines
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    (record,) = gateway.log
    assert re.fullmatch(r"[\w-]{15}=", record.pop("requestId"))
    assert record.pop("responseLatency") >= record.pop("integrationLatency") >= 0
    assert record == {
        "ip": "127.0.0.1",
        "requestTime": "31/Jan/2026:12:00:00 +0000",
        "httpMethod": "POST",
        "path": "/x",
        "protocol": "HTTP/1.1",
        "routeKey": "POST /x",
        "status": 200,
        "responseLength": 5,
        "integrationRequestId": "request-1",
    }


def test_what_has_not_happened_is_not_in_the_access_log() -> None:
    gateway = _gateway()
    gateway.request("GET", "/nowhere")
    assert gateway.log[0].keys() == {
        *("requestId", "ip", "requestTime", "httpMethod", "path", "protocol"),
        *("routeKey", "status", "responseLength", "responseLatency", "error"),
    }
    assert (gateway.log[0]["routeKey"], gateway.log[0]["status"]) == (None, 404)


def test_the_answer_has_the_id_of_the_access_log() -> None:
    gateway = _gateway()
    response = gateway.request("POST", "/x")
    assert response.header("apigw-requestid") == gateway.log[0]["requestId"]
