"""HTTP requests and responses, whole: what is between the server and those that answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

type Header = tuple[str, str]
type Handler = Callable[["HttpRequest"], "HttpResponse"]
"""Answers a request; runs in a thread, and may wait."""


@dataclass(frozen=True)
class HttpRequest:
    """`path` is decoded, `raw_path` as it came; names of headers are lower-case, and may repeat."""

    method: str
    path: str
    query: str = ""
    headers: tuple[Header, ...] = ()
    body: bytes = b""
    raw_path: str = ""
    client: tuple[str, int] = ("127.0.0.1", 0)
    server: tuple[str, int] = ("127.0.0.1", 80)

    @cached_property
    def _first(self) -> Mapping[str, str]:
        return dict(reversed(self.headers))

    def header(self, name: str) -> str:
        """The first header of a name (lower-case), or nothing."""
        return self._first.get(name, "")

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The query's parameters; of several with one name, the first."""
        return dict(reversed(parse_qsl(self.query, keep_blank_values=True)))

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The fields of a form in the body; of several with one name, the first."""
        text = self.body.decode(errors="replace")
        return dict(reversed(parse_qsl(text, keep_blank_values=True)))

    @property
    def origin(self) -> str:
        """Where the client thinks it is: `http://127.0.0.1:4566`."""
        host = self.header("host") or f"{self.server[0]}:{self.server[1]}"
        return f"http://{host}"

    @property
    def is_signed(self) -> bool:
        """Whether it has an AWS signature (version 4), in a header or in the query."""
        return self.header("authorization").startswith("AWS4-") or "X-Amz-Signature=" in self.query


@dataclass(frozen=True, slots=True)
class HttpResponse:
    status: int
    headers: tuple[Header, ...] = field(default=())
    body: bytes = b""

    def with_headers(self, *headers: Header) -> "HttpResponse":
        return HttpResponse(self.status, (*self.headers, *headers), self.body)


def json_response(value: Any, status: int = 200, media_type: str = "application/json") -> HttpResponse:  # noqa: ANN401  any JSON
    body = json.dumps(value, separators=(",", ":")).encode()
    return HttpResponse(status, (("content-type", media_type),), body)
