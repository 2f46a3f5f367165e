"""What an event is made of, whatever its format."""

from typing import NamedTuple

import orjson

from toolchain.local.http_api.identity import Api
from toolchain.local.http_api.requests import Request
from toolchain.local.http_api.routing import Match


class Particulars(NamedTuple):
    """A request that has found its route, and may take it.

    `headers` are those handed on to the function; `caller` is JSON, `{"claims": ..., "scopes": ...}`, or
    None on a route that is open to everybody; `time` is the request's, in common log format.
    """

    api: Api
    request: Request
    match: Match
    headers: list[tuple[str, str]]
    body: bytes
    caller: orjson.Fragment | None
    time: str


def domain_of(host: str | None, api: Api) -> tuple[str, str]:
    """`domainName`, which "should be the same as the incoming Host header", and its first label.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
    """
    name = host or api.domain_name
    return name, name.partition(":")[0].partition(".")[0]
