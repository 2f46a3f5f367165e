"""One line of JSON for every request, its members named as API Gateway's variables for access logs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from toolchain.local.http_api.errors import ForbiddenError, GatewayError, UnauthorizedError
from toolchain.local.http_api.requests import Request

type AccessLog = Callable[[bytes], None]
"""Takes one line, its line break included."""


@dataclass(slots=True)
class Course:
    """What has become of a request so far. Latency is in milliseconds.

    `route_key` is None if no route took it, the integration's members if the function was not called.
    """

    route_key: str | None = None
    integration_latency: float | None = None
    integration_request_id: str | None = None
    error: GatewayError | None = None


class Outcome(NamedTuple):
    """What the client got, and when (in common log format); latency in milliseconds."""

    time: str
    status: int
    response_length: int
    response_latency: float


def make_line(request: Request, course: Course, outcome: Outcome) -> bytes:
    """The line for a request. No query and no headers: they may hold secrets."""
    members = {
        "requestId": request.id,
        "ip": request.source_ip,
        "requestTime": outcome.time,
        "httpMethod": request.method,
        "path": request.path,
        "protocol": request.protocol,
        "routeKey": course.route_key,
        "status": outcome.status,
        "responseLength": outcome.response_length,
        "responseLatency": round(outcome.response_latency, 3),
    }
    if course.integration_latency is not None:
        members["integrationLatency"] = round(course.integration_latency, 3)
    if course.integration_request_id is not None:
        members["integrationRequestId"] = course.integration_request_id
    if course.error is not None:
        members[_member(course)] = str(course.error)
    return orjson.dumps(members, option=orjson.OPT_APPEND_NEWLINE)


def _member(course: Course) -> str:
    """Which part of the API an error is of."""
    if isinstance(course.error, UnauthorizedError | ForbiddenError):
        return "authorizerError"
    return "error" if course.integration_latency is None else "integrationError"
