"""Cookies: who has signed in in this browser, and that a form came from our own page."""

import hmac
import secrets
from dataclasses import dataclass

from toolchain.local.aws.messages import Header, HttpRequest
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.keys import SigningKey
from toolchain.local.cognito.user import User

_SESSION = "cognito"
_FORM = "XSRF-TOKEN"
_SECONDS = 3600  # an hour, as on AWS


@dataclass(frozen=True, slots=True)
class BrowserSessions:
    """The cookie is a signed token of its own kind; no API takes it."""

    key: SigningKey
    users: Users
    clock: Clock

    def start(self, user: User) -> Header:
        """The cookie of a browser in which a user has signed in."""
        claims = {
            "token_use": "browser",
            "pool_id": user.pool_id,
            "username": user.username,
            "exp": int(self.clock()) + _SECONDS,
        }
        return _cookie(_SESSION, self.key.sign(claims), _SECONDS)

    def read(self, pool: Pool, request: HttpRequest) -> User | None:
        """Who has signed in to a pool in this browser, and still may."""
        claims = self.key.read(_read(request, _SESSION)) or {}
        if claims.get("token_use") != "browser" or claims["pool_id"] != pool.id:
            return None
        if claims["exp"] <= self.clock():
            return None
        user = self.users.find(pool, claims["username"])
        return user if user and user.is_enabled and user.status == "CONFIRMED" else None

    @staticmethod
    def end() -> Header:
        return _cookie(_SESSION, "", 0)


def form_token() -> tuple[str, Header]:
    """A secret for a form, and the cookie that has it too: other sites can't read it."""
    token = secrets.token_urlsafe(32)
    return token, _cookie(_FORM, token, _SECONDS)


def is_own_form(request: HttpRequest) -> bool:
    cookie, field = _read(request, _FORM), request.form.get("_csrf", "")
    return bool(cookie) and hmac.compare_digest(cookie.encode(), field.encode())


def _read(request: HttpRequest, name: str) -> str:
    """A cookie of ours, which are never quoted; "" if there is none.

    What other apps on localhost have set comes along, `prefs={"a":1}` too: http.cookies gives up at it.
    """
    pairs = (pair.partition("=") for pair in request.header("cookie").split(";"))
    return next((value.strip() for found, _, value in pairs if found.strip() == name), "")


def _cookie(name: str, value: str, seconds: int) -> Header:
    return ("set-cookie", f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax")
