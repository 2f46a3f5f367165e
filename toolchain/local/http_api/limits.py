"""How large requests may be.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
"""

from collections.abc import MutableMapping
from typing import Any

from toolchain.local.asgi import Receive, Scope
from toolchain.local.http_api.errors import BadRequestError, ContentTooLargeError, HeadersTooLargeError
from toolchain.local.http_api.requests import Request

MAX_HEAD_BYTES = 10_240
"""Total combined size of request line and header values."""

MAX_BODY_BYTES = 10 * 1024 * 1024
"""Payload size: 10 MB."""

INTEGRATION_TIMEOUT_SECONDS = 30.0
"""Maximum integration timeout: when it is over the client is told so, and the function runs on."""


class DisconnectedError(Exception):
    """The client has gone before its request was complete; nobody is there to answer."""


def check_head(scope: Scope) -> None:
    """Raise BadRequestError for what is no request to a host's path, HeadersTooLargeError over the limit."""
    if not scope["raw_path"].startswith(b"/"):
        raise BadRequestError("the request's target is no path")
    _check_host(scope)
    query = scope["query_string"]
    target = len(scope["raw_path"]) + (1 + len(query) if query else 0)
    line = len(scope["method"]) + target + len("  HTTP/1.1")
    size = line + sum([len(value) for _, value in scope["headers"]])
    if size > MAX_HEAD_BYTES:
        raise HeadersTooLargeError(f"request line and header values have {size} bytes")


def _check_host(scope: Scope) -> None:
    """A request names one host; before HTTP/1.1, it may leave it out (RFC 9112, 3.2)."""
    version = scope["http_version"]
    hosts = len([name for name, _ in scope["headers"] if name == b"host"])
    if hosts != 1 and (version, hosts) != ("1.0", 0):
        raise BadRequestError(f"the request has {hosts} host headers")
    if version not in ("1.1", "1.0"):
        raise BadRequestError(f"the protocol is HTTP/{version}")


async def read_body(request: Request, receive: Receive) -> bytes:
    """The whole body. Raises ContentTooLargeError (before reading, if it is announced), DisconnectedError."""
    if not request.has_body:
        return b""
    announced = request.by_name.get("content-length", "0")
    if not announced.isdecimal():
        raise BadRequestError(f"content-length is {announced!r}")
    _check_body(int(announced))
    message = await _receive(receive)
    body: bytes = message["body"]
    if message["more_body"]:
        body = await _read_rest(body, receive)
    return body


async def _read_rest(first: bytes, receive: Receive) -> bytes:
    body = bytearray(first)
    more = True
    while more:
        message = await _receive(receive)
        body += message["body"]
        _check_body(len(body))
        more = message["more_body"]
    return bytes(body)


async def _receive(receive: Receive) -> MutableMapping[str, Any]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise DisconnectedError
    return message


def _check_body(size: int) -> None:
    if size > MAX_BODY_BYTES:
        raise ContentTooLargeError(f"the body has {size} bytes or more")
