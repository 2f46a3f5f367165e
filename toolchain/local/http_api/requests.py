"""Requests as an HTTP API hands them on, without their bodies, read from an ASGI scope.

- The path is decoded once, and matched so: `a%2Fb` is two segments, `a%252Fb` is one, `a%2Fb`. What follows
  a decoded `?` is lost. (github.com/hotsock/voker: vokerhttp/testdata, captured from the real service;
  github.com/middleapi/standard-server/pull/93 for the `?`.) The query is handed on as it was sent.
- Header names are in small letters ("All header names are lowercased", http-api-develop-integrations-lambda).
- What concerns one connection only is not handed on (RFC 9110, 7.6.1).
- x-forwarded-for, -port, -proto, x-amzn-trace-id and content-length are added (the same captures). They tell
  of the connection as it is: `http` and this server's port.
"""

from typing import NamedTuple

from toolchain.local.asgi import Scope
from toolchain.local.http_api.identity import make_request_id, make_trace_id

HOP_BY_HOP = frozenset(
    {
        *("connection", "proxy-connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"),
        *("proxy-authenticate", "proxy-authorization"),
    }
)
_NOT_HANDED_ON = HOP_BY_HOP | {
    *("content-length", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto")
}


class Request(NamedTuple):
    """A request up to its body.

    `path` is decoded, `raw_path` and `query` are as they were sent. `headers` are in their order, repeated
    ones included; `by_name` has the last value of each. `received_at` is in seconds since the epoch.
    """

    id: str
    received_at: float
    method: str
    path: str
    raw_path: str
    query: str
    protocol: str
    source_ip: str
    trace: str
    headers: list[tuple[str, str]]
    by_name: dict[str, str]

    @property
    def has_body(self) -> bool:
        """Whether a body follows (RFC 9112, 6.3)."""
        return self.by_name.get("content-length", "0") != "0" or "transfer-encoding" in self.by_name


def read_request(scope: Scope, now: float) -> Request:
    """The request of an ASGI HTTP scope."""
    headers = [(name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in scope["headers"]]
    by_name = dict(headers)
    client = scope["client"]
    path: str = scope["path"]
    raw_path: str = scope["raw_path"].decode("ascii")
    return Request(
        id=make_request_id(),
        received_at=now,
        method=scope["method"],
        path=path.partition("?")[0] if "%" in raw_path else path,
        raw_path=raw_path,
        query=scope["query_string"].decode("latin-1"),
        protocol=f"HTTP/{scope['http_version']}",
        source_ip=client[0] if client else "",
        trace=by_name.get("x-amzn-trace-id") or make_trace_id(now),
        headers=headers,
        by_name=by_name,
    )


def forwarded_headers(request: Request, scope: Scope, body_length: int) -> list[tuple[str, str]]:
    """The headers that the function gets: the client's, as far as they are for it, and the API's."""
    before, server = request.by_name.get("x-forwarded-for"), scope["server"]
    return [
        *[field for field in request.headers if field[0] not in _NOT_HANDED_ON],
        ("content-length", str(body_length)),
        ("x-amzn-trace-id", request.trace),
        ("x-forwarded-for", f"{before}, {request.source_ip}" if before else request.source_ip),
        ("x-forwarded-port", str(server[1]) if server else ""),
        ("x-forwarded-proto", scope["scheme"]),
    ]
