"""Header fields of functions' answers, made fit for HTTP.

What is not sent: what concerns one connection only (RFC 9110, 7.6.1), and what the API says itself:
content-length, date, apigw-*. The documentation names no such headers for HTTP APIs. [U]
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from toolchain.local.http_api.answers import Field
from toolchain.local.http_api.errors import InternalServerError
from toolchain.local.http_api.requests import HOP_BY_HOP

_OWN = frozenset({"content-length", "date"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def read_fields(pairs: Iterable[tuple[str, object]]) -> Iterator[Field]:
    """The fields to send. Raises InternalServerError for what cannot be a field.

    >>> list(read_fields([("ETag", "1"), ("Connection", "close"), ("X-Count", 2)]))
    [(b'etag', b'1'), (b'x-count', b'2')]
    """
    for name, value in pairs:
        sent_name = _sent_name(name)
        if sent_name and value is not None:
            yield sent_name, _sent_value(name, value)


def read_cookies(cookies: Iterable[object]) -> Iterator[Field]:
    """A set-cookie field for each. Raises InternalServerError."""
    return read_fields(("set-cookie", cookie) for cookie in cookies)


@lru_cache(maxsize=1024)
def _sent_name(name: str) -> bytes | None:
    """The name as it is sent, or None if it is not."""
    if not _TOKEN.fullmatch(name):
        raise InternalServerError(f"the function's answer has a header named {name!r}")
    lower = name.lower()
    is_sent = lower not in HOP_BY_HOP and lower not in _OWN and not lower.startswith("apigw-")
    return lower.encode("ascii") if is_sent else None


def _sent_value(name: str, value: object) -> bytes:
    """The value in bytes; numbers and booleans as JSON writes them [U]."""
    match value:
        case str():
            text = value
        case bool():
            text = "true" if value else "false"
        case int() | float():
            text = repr(value)
        case _:
            raise InternalServerError(f"the function's answer has a header {name} that is no text")
    # Nearly all are printable ASCII, which is found out much faster than by searching.
    if not (text.isascii() and text.isprintable()) and _FORBIDDEN.search(text):
        raise InternalServerError(f"the function's answer has a header {name} with a control character")
    return text.encode("utf-8", "replace")
