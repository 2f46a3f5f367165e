"""Keeps pages of the internet from the AWS endpoint, which takes any credentials.

A page that is open in the browser of whoever develops could call it as any program here can: have functions
invoked, read the database's password. Browsers name the origin of such calls (Fetch standard, 3.2), so those
of names that no page of the internet can have may call; who names none is no page.
"""

from urllib.parse import urlsplit

from toolchain.local.asgi import Application, Receive, Scope, Send
from toolchain.local.aws.refusals import json_error

# What browsers say of forms of the sign-in page, whose policy is to tell nobody where it is.
# https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
_SAME_ORIGIN = (b"sec-fetch-site", b"same-origin")
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
# Reserved for good: https://www.rfc-editor.org/rfc/rfc6761#section-6
_OWN_DOMAINS = (".localhost", ".test")


def is_own(origin: str) -> bool:
    """Whether an Origin is of this machine.

    >>> [is_own(origin) for origin in ("http://localhost:5173", "https://shop.test", "https://shop.com")]
    [True, True, False]
    """
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    return host in _OWN_NAMES or host.endswith(_OWN_DOMAINS)


class OwnOrigins:
    """An ASGI application for programs, and pages of this machine."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fields = scope.get("headers", ())
        for origin in [value.decode("latin-1") for name, value in fields if name == b"origin"]:
            if not (is_own(origin) or (origin == "null" and _SAME_ORIGIN in fields)):
                await _refuse(origin, send)
                return
        await self._application(scope, receive, send)


async def _refuse(origin: str, send: Send) -> None:
    message = (
        f"pages of {origin} may not call the local cloud; those of localhost, *.localhost and *.test may"
    )
    body = json_error("AccessDeniedException", message)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
