"""Who an access token is of: for the operations that a signed-in user calls."""

from dataclasses import dataclass

from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.errors import NotAuthorizedError, ResourceNotFoundError, UserNotFoundError
from toolchain.local.cognito.pool import Client, Pool, Pools
from toolchain.local.cognito.store.sign_ins import SignIn, SignIns
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.claims import ADMIN_SCOPE
from toolchain.local.cognito.tokens.keys import SigningKey
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class Bearer:
    """The user who shows a token, and where it comes from."""

    pool: Pool
    client: Client
    user: User
    sign_in: SignIn
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessTokens:
    key: SigningKey
    clock: Clock
    pools: Pools
    users: Users
    sign_ins: SignIns

    def read(self, token: str, scope: str = ADMIN_SCOPE) -> Bearer:
        """The token's bearer; raises NotAuthorizedError unless it is good and has the scope."""
        claims = self.key.read(token)
        if claims is None or claims.get("token_use") != "access" or "origin_jti" not in claims:
            raise NotAuthorizedError("Invalid Access Token")
        if claims["exp"] <= self.clock():
            raise NotAuthorizedError("Access Token has expired")
        sign_in = self.sign_ins.get(claims["origin_jti"])
        if sign_in is None or sign_in.is_revoked:
            raise NotAuthorizedError("Access Token has been revoked")
        scopes = tuple(claims["scope"].split())
        if scope not in scopes:
            raise NotAuthorizedError("Access Token does not have required scopes")
        return self._bearer(sign_in, scopes)

    def _bearer(self, sign_in: SignIn, scopes: tuple[str, ...]) -> Bearer:
        try:
            pool, client = self.pools.by_client(sign_in.client_id)
        except ResourceNotFoundError as error:
            raise NotAuthorizedError("Invalid Access Token") from error
        user = self.users.find(pool, sign_in.username)
        if user is None:
            raise UserNotFoundError
        if not user.is_enabled:
            raise NotAuthorizedError("User is disabled.")
        return Bearer(pool, client, user, sign_in, scopes)
