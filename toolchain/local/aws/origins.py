"""Keeps pages of the internet from the AWS endpoint, which takes any credentials.

A page that is open in the browser of whoever develops could call it as any program here can: have functions
invoked, read the database's password. Browsers name the origin of such calls (Fetch standard, 3.2), so those
of names that no page of the internet can have may call.

They name none in two cases. A page may get what is of its own origin, and the owner of its name can have it
mean this machine meanwhile (DNS rebinding): so who calls must do so by a name of this machine. And a page may
embed what it can't read, such as an image, of which asking alone can change something (`?Action=...`): then
browsers say that it is of another site. Who names no origin otherwise is no page.
"""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from toolchain.local.asgi import Application, Receive, Scope, Send
from toolchain.local.aws.refusals import json_error

# https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
_CROSS_SITE = (b"sec-fetch-site", b"cross-site")
# What browsers say of forms of the sign-in page, whose policy is to tell nobody where it is.
_SAME_ORIGIN = (b"sec-fetch-site", b"same-origin")
# Of a page that is opened: by a link to it, or sent to sign in by one of another site.
_OPENED = (b"sec-fetch-dest", b"document")
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
# Reserved for good: https://www.rfc-editor.org/rfc/rfc6761#section-6
_OWN_DOMAINS = (".localhost", ".test")
# As containers call their host, reserved too (ICANN, resolution 2024.07.29.06); and what is AWS's to give.
_DOMAINS_OF_HOSTS = (*_OWN_DOMAINS, ".internal", ".amazonaws.com")
_WAYS_IN = "localhost, *.localhost, *.test, *.internal, *.amazonaws.com and addresses"


def is_own(origin: str) -> bool:
    """Whether an Origin is of this machine.

    >>> [is_own(origin) for origin in ("http://localhost:5173", "https://shop.test", "https://shop.com")]
    [True, True, False]
    """
    host = _host(origin)
    return host in _OWN_NAMES or host.endswith(_OWN_DOMAINS)


@lru_cache(maxsize=256)
def is_own_host(field: str) -> bool:
    """Whether a Host is of this machine: a name that nobody can have mean another, or an address.

    >>> [is_own_host(field) for field in ("bucket.localhost:4566", "172.17.0.1:4566", "shop.com:4566")]
    [True, True, False]
    """
    host = _host(f"//{field}").removesuffix(".")
    return host in _OWN_NAMES or host.endswith(_DOMAINS_OF_HOSTS) or _is_address(host)


class OwnOrigins:
    """An ASGI application for programs, and pages of this machine."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = _find_problem(scope)
        if problem:
            await _refuse(problem, send)
        else:
            await self._application(scope, receive, send)


def _find_problem(scope: Scope) -> str | None:
    fields = scope.get("headers", ())
    for host in _values(fields, b"host"):
        if not is_own_host(host):
            return f"the local cloud is not called {host}, but {_WAYS_IN}; a tunnel must send such a Host"
    origins = _values(fields, b"origin")
    for origin in origins:
        if not (is_own(origin) or (origin == "null" and _SAME_ORIGIN in fields)):
            return _of_others(origin)
    if not origins and _CROSS_SITE in fields and not (_is_of_own_page(fields) or _is_opened(scope)):
        return _of_others("other sites")
    return None


def _is_of_own_page(fields: Iterable[tuple[bytes, bytes]]) -> bool:
    """For browsers, pages of localhost and of 127.0.0.1 are of two sites: an image in S3 that one shows."""
    return any(is_own(page) for page in _values(fields, b"referer"))


def _is_opened(scope: Scope) -> bool:
    """Whoever has a page opened can't read it; but it must not be an action."""
    query = scope.get("query_string", b"").decode("latin-1")
    return _OPENED in scope["headers"] and all(name != "Action" for name, _ in parse_qsl(query))


def _values(fields: Iterable[tuple[bytes, bytes]], wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in fields if name == wanted]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _of_others(whose: str) -> str:
    return f"pages of {whose} may not call the local cloud; those of localhost, *.localhost and *.test may"


async def _refuse(message: str, send: Send) -> None:
    body = json_error("AccessDeniedException", message)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
