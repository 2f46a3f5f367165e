"""New tokens for a refresh token."""

from dataclasses import dataclass

from toolchain.local.cognito.client_secret import check_secret_hash
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.errors import (
    InvalidParameterError,
    NotAuthorizedError,
    RefreshTokenReuseError,
)
from toolchain.local.cognito.pool import Client, Pool
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.sign_in.steps import Start
from toolchain.local.cognito.store.sign_ins import SignIn, SignIns
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.issuing import Issuer, Tokens
from toolchain.local.cognito.triggers.tokens import Occasion
from toolchain.local.cognito.user import User

_REPLACED = "Refresh token has been invalidated by rotation"


@dataclass(frozen=True, slots=True)
class Refreshing:
    users: Users
    sign_ins: SignIns
    issuer: Issuer
    clock: Clock

    def find(self, pool: Pool, client: Client, token: str) -> tuple[SignIn, User]:
        """The sign-in of a token, and its user; raises NotAuthorizedError, RefreshTokenReuseError."""
        now = self.clock()
        found = self.sign_ins.find(token)
        if found is None or found.sign_in.client_id != client.id:
            raise NotAuthorizedError("Invalid Refresh Token")
        if found.sign_in.is_revoked:
            raise NotAuthorizedError("Refresh Token has been revoked")
        if found.sign_in.expires_at <= now:
            raise NotAuthorizedError("Refresh Token has expired")
        if not found.is_good(now, client.rotation_grace_seconds):
            raise RefreshTokenReuseError(_REPLACED)
        user = self.users.find(pool, found.sign_in.username)
        if user is None:
            raise NotAuthorizedError("Invalid Refresh Token")
        if not user.is_enabled:
            raise NotAuthorizedError("User is disabled.")
        return found.sign_in, user

    def refresh(
        self, pool: Pool, client: Client, token: str, client_metadata: dict[str, str] | None = None
    ) -> Tokens:
        """New tokens; with a new refresh token if the client rotates them."""
        sign_in, user = self.find(pool, client, token)
        occasion = Occasion(pool, client, user, "RefreshTokens", sign_in.scopes, client_metadata)
        tokens = self.issuer.renew(occasion, user, sign_in)
        if not client.rotates_refresh_tokens:
            return tokens
        successor = self.sign_ins.replace(token, sign_in, self.clock(), client.rotation_grace_seconds)
        if successor is None:
            raise RefreshTokenReuseError(_REPLACED)
        return Tokens(tokens.access_token, tokens.id_token, tokens.expires_in, successor)


@dataclass(frozen=True, slots=True)
class RefreshFlow:
    """REFRESH_TOKEN_AUTH."""

    refreshing: Refreshing

    def start(self, start: Start) -> Document:
        if start.client.rotates_refresh_tokens:
            raise InvalidParameterError(
                "REFRESH_TOKEN_AUTH is not available with refresh token rotation;"
                " use GetTokensFromRefreshToken"
            )
        token = start.parameter("REFRESH_TOKEN")
        _, user = self.refreshing.find(start.pool, start.client, token)
        check_secret_hash(start.client, user.username, start.parameters.get("SECRET_HASH"))
        tokens = self.refreshing.refresh(start.pool, start.client, token)
        return {"ChallengeParameters": {}, "AuthenticationResult": tokens.result()}
