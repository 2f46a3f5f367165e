"""The JWT authorizer: lets callers with a good token through, and nobody else.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

from collections.abc import Callable

from toolchain.local.http_api.callers import Caller, read_caller
from toolchain.local.http_api.errors import ForbiddenError, UnauthorizedError
from toolchain.local.http_api.keys import IssuerKeys, KeySource, KeySourceError
from toolchain.local.http_api.routes import Issuer
from toolchain.local.http_api.tokens import TokenError, verify

MAX_REMEMBERED = 1000
"""How many verified tokens are remembered."""

REMEMBERED_SECONDS = 300.0
"""How long: then the signature is checked again, with the keys that the issuer has by then."""


class JwtAuthorizer:
    """Checks tokens of one issuer, and remembers those that were good until they expire."""

    def __init__(self, issuer: Issuer, source: KeySource, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._keys = IssuerKeys(issuer.url, source, clock)
        self._clock = clock
        self._remembered: dict[str, tuple[float, float, Caller]] = {}  # since when, and until when

    async def authorize(self, authorization: str | None, scopes: frozenset[str]) -> Caller:
        """The caller behind an Authorization header who may use a route with these scopes.

        Raises UnauthorizedError, ForbiddenError.
        """
        if not authorization:
            raise UnauthorizedError("there is no token", "Bearer")
        # "The identitySource can include only the token, or the token prefixed with Bearer".
        token = authorization.removeprefix("Bearer ").strip()
        since, until, caller = self._remembered.get(token, _NOBODY)
        if caller is None or not since <= self._clock() < until:
            caller = await self._verify(token, scopes)
        if scopes and scopes.isdisjoint(caller.scopes):
            raise _insufficient(scopes)
        return caller

    async def _verify(self, token: str, scopes: frozenset[str]) -> Caller:
        now = self._clock()
        self._remembered.pop(token, None)
        try:
            caller = read_caller(await verify(token, self._issuer, self._keys, now))
        except (TokenError, KeySourceError) as error:
            raise UnauthorizedError(str(error), _challenge(scopes, "invalid_token", _shown(error))) from error
        if len(self._remembered) >= MAX_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[token] = (now, min(caller.expires_at, now + REMEMBERED_SECONDS), caller)
        return caller


_NOBODY: tuple[float, float, Caller | None] = (0.0, 0.0, None)


def _insufficient(scopes: frozenset[str]) -> ForbiddenError:
    reason = "the token has none of the route's scopes"
    return ForbiddenError(reason, _challenge(scopes, "insufficient_scope", reason))


def _challenge(scopes: frozenset[str], error: str, description: str) -> str:
    """`Bearer scope="" error="invalid_token" error_description="the token has expired"`.

    The form is API Gateway's (http-api-troubleshooting-jwt).
    """
    return f'Bearer scope="{" ".join(sorted(scopes))}" error="{error}" error_description="{description}"'


def _shown(error: Exception) -> str:
    """What a caller is told. Why keys cannot be had is for the log: it may name an address."""
    return str(error) if isinstance(error, TokenError) else "the keys of the issuer cannot be had"
