"""Answers, and how API Gateway wants them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from lib.http.encoding import to_json

if TYPE_CHECKING:
    from lib.http.cookies import Cookie

type PayloadFormat = Literal["1.0", "2.0"]

# Answers are made for one user, and are data: nothing may store them, nor take them for another type
# (OWASP REST Security Cheat Sheet, "Security Headers").
_DEFAULT_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_WITHOUT_CONTENT = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Response:
    """What a handler answers when a value alone doesn't say it: a status, headers, cookies, bytes.

    `content` is a value that becomes JSON, bytes that are sent as they are, or None for no body.
    """

    content: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: "tuple[Cookie, ...]" = ()


def as_response(result: object) -> Response:
    """What a handler returned: a Response, a value for the body of a 200, or None for a 204."""
    if isinstance(result, Response):
        return result
    return Response(status=204) if result is None else Response(result)


def render(response: Response, payload_format: PayloadFormat) -> dict[str, Any]:
    """The mapping to return to API Gateway.

    >>> render(Response({"id": 7}, headers={"ETag": '"1"'}), "2.0")["headers"]["etag"]
    '"1"'

    Raises TypeError or ValueError for content without a JSON form and for headers HTTP does not allow.
    """
    content_type, body, is_base64 = _body(response)
    headers = {**_DEFAULT_HEADERS, **content_type}
    headers.update({name.lower(): value for name, value in response.headers.items()})
    _check(headers)
    rendered: dict[str, Any] = {"statusCode": response.status, "headers": headers}
    if body is not None:
        rendered |= {"body": body, "isBase64Encoded": is_base64}
    if response.cookies:
        rendered |= _cookies([str(cookie) for cookie in response.cookies], payload_format)
    return rendered


def _body(response: Response) -> tuple[dict[str, str], str | None, bool]:
    """The content-type header, the body, and whether it is base64."""
    if response.content is None or response.status in _WITHOUT_CONTENT:
        return {}, None, False
    if isinstance(response.content, bytes):
        return {"content-type": "application/octet-stream"}, base64.b64encode(response.content).decode(), True
    return {"content-type": "application/json"}, to_json(response.content), False


def _cookies(values: list[str], payload_format: PayloadFormat) -> dict[str, Any]:
    """Format 1.0 has no `cookies`, and its mapping of headers has room for one Set-Cookie only."""
    return {"cookies": values} if payload_format == "2.0" else {"multiValueHeaders": {"set-cookie": values}}


def _check(headers: Mapping[str, str]) -> None:
    """A line break in a value would begin a header of its own (RFC 9110, 5.5)."""
    for name, value in headers.items():
        text = name + value
        if " " in name or not (text.isascii() and text.isprintable()):
            raise ValueError(f"header {name!r} or its value has a character that HTTP does not allow")
