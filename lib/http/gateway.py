"""The events of API Gateway's Lambda proxy integrations, as requests.

APG: http-api-develop-integrations-lambda (formats 1.0 and 2.0) and
set-up-lambda-proxy-integrations (REST APIs, whose events are format 1.0 without a `version`).
"""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lib.http.claims import parse_claims
from lib.http.problems import BadRequestError
from lib.http.requests import Headers, Request
from lib.http.responses import PayloadFormat

type Event = Mapping[str, Any]


class NotAnHttpEventError(ValueError):
    """The function was invoked with something else: a mistake in its triggers, or by hand."""


def payload_format(event: Event) -> PayloadFormat:
    """The format of an event, which the answer must have too. Raises NotAnHttpEventError."""
    context = event.get("requestContext")
    if isinstance(context, Mapping) and event.get("version") == "2.0" and "http" in context:
        return "2.0"
    if isinstance(context, Mapping) and "httpMethod" in event and "elb" not in context:
        return "1.0"
    raise NotAnHttpEventError("the event is not one of an HTTP or REST API")


def parse_request(event: Event) -> Request[Any, Any, Any]:
    """The request in an event, its body not looked into. Raises BadRequestError, NotAnHttpEventError."""
    parse = _parse_2_0 if payload_format(event) == "2.0" else _parse_1_0
    return parse(event)


def _parse_2_0(event: Event) -> Request[Any, Any, Any]:
    context = event["requestContext"]
    return Request(
        method=context["http"]["method"],
        path=event["rawPath"],
        route_key=event["routeKey"],
        request_id=context["requestId"],
        path_parameters=event.get("pathParameters") or {},
        query_parameters=_parse_query(event.get("rawQueryString") or ""),
        headers=Headers((event.get("headers") or {}).items()),
        cookies=parse_cookies(event.get("cookies") or ()),
        content=_content(event),
        verified_claims=parse_claims(event),
        body=None,
        query=None,
        parameters=None,
    )


def _parse_1_0(event: Event) -> Request[Any, Any, Any]:
    context = event["requestContext"]
    headers = Headers(_pairs(event, "headers", "multiValueHeaders"))
    return Request(
        method=event["httpMethod"],
        path=event["path"],
        route_key=_route_key_1_0(event),
        request_id=context["requestId"],
        path_parameters=event.get("pathParameters") or {},
        query_parameters=_gather(_pairs(event, "queryStringParameters", "multiValueQueryStringParameters")),
        headers=headers,
        cookies=parse_cookies(_values(event, "cookie")),
        content=_content(event),
        verified_claims=parse_claims(event),
        body=None,
        query=None,
        parameters=None,
    )


def _route_key_1_0(event: Event) -> str:
    """An HTTP API gives its route as `resourceId`; to a REST API that is an opaque id (`us4z18`)."""
    resource_id = event["requestContext"].get("resourceId") or ""
    if " " in resource_id or resource_id == "$default":
        return str(resource_id)
    return f"{event['httpMethod']} {event['resource']}"


def _pairs(event: Event, single: str, multiple: str) -> Iterator[tuple[str, str]]:
    """Names and values of format 1.0: the mapping of lists has everything, unless it is missing."""
    many = event.get(multiple) or {}
    for name, value in (event.get(single) or {}).items():
        if name not in many:
            yield name, value
    for name, values in many.items():
        yield from ((name, value) for value in values)


def _values(event: Event, name: str) -> list[str]:
    return [value for key, value in _pairs(event, "headers", "multiValueHeaders") if key.lower() == name]


def parse_cookies(fields: Iterable[str]) -> dict[str, str]:
    """The cookies of a request; of two with one name the first, which has the longer path (RFC 6265, 5.4).

    >>> parse_cookies(["theme=dark; session=a=b", 'lang="en"'])
    {'theme': 'dark', 'session': 'a=b', 'lang': 'en'}
    """
    cookies: dict[str, str] = {}
    for pair in ";".join(fields).split(";"):
        name, equals, value = pair.partition("=")
        if equals:
            cookies.setdefault(name.strip(), value.strip().removeprefix('"').removesuffix('"'))
    return cookies


def _parse_query(text: str) -> dict[str, tuple[str, ...]]:
    """Parse the raw query: in `queryStringParameters` a comma may be the client's or API Gateway's."""
    if not text:
        return {}
    from urllib.parse import parse_qsl

    try:
        return _gather(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError as error:
        raise BadRequestError("The query string is not UTF-8.") from error


def _gather(pairs: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    gathered: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        gathered[name] = (*gathered.get(name, ()), value)
    return gathered


def _content(event: Event) -> bytes:
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise BadRequestError("The body is said to be base64, and is not.") from error
