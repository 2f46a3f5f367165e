"""Make tokens for a sign-in, and new ones for it later."""

import base64
import hashlib
import uuid
from dataclasses import dataclass

from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.store.memberships import Memberships
from toolchain.local.cognito.store.sign_ins import SignIn, SignIns
from toolchain.local.cognito.tokens.claims import (
    ADMIN_SCOPE,
    Claims,
    apply_changes,
    attribute_claims,
    changed_scopes,
    group_claims,
)
from toolchain.local.cognito.tokens.keys import SigningKey
from toolchain.local.cognito.tokens.lifetimes import lifetime
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.triggers.tokens import Groups, Occasion, Overrides, pre_token_generation
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class Tokens:
    """`id_token` and `refresh_token` are None where there are none to give."""

    access_token: str
    id_token: str | None
    expires_in: int
    refresh_token: str | None = None

    def result(self) -> Document:
        """AuthenticationResult, as InitiateAuth answers it."""
        optional = {"IdToken": self.id_token, "RefreshToken": self.refresh_token}
        return {
            "AccessToken": self.access_token,
            "ExpiresIn": self.expires_in,
            "TokenType": "Bearer",
            **{name: token for name, token in optional.items() if token},
        }


@dataclass(frozen=True, slots=True)
class Issuer:
    key: SigningKey
    clock: Clock
    sign_ins: SignIns
    memberships: Memberships
    triggers: Triggers

    def sign_in(self, occasion: Occasion, user: User, nonce: str | None = None) -> Tokens:
        """Tokens for somebody who has just signed in, with a refresh token."""
        now = self.clock()
        period = (now, now + lifetime(occasion.client, "RefreshToken"))
        sign_in = self.sign_ins.start(user, occasion.client.id, occasion.scopes, period)
        tokens = self.renew(occasion, user, sign_in, nonce)
        refresh_token = self.sign_ins.add_refresh_token(sign_in)
        return Tokens(tokens.access_token, tokens.id_token, tokens.expires_in, refresh_token)

    def renew(self, occasion: Occasion, user: User, sign_in: SignIn, nonce: str | None = None) -> Tokens:
        """Tokens for a sign-in of before; no refresh token."""
        pool, client = occasion.pool, occasion.client
        groups = Groups.of(self.memberships.of_user(pool, user.username))
        overrides = pre_token_generation(self.triggers, occasion, groups)
        common: Claims = {
            "sub": user.sub,
            "iss": pool.issuer,
            "origin_jti": sign_in.origin_jti,
            "event_id": str(uuid.uuid4()),
            "auth_time": int(sign_in.signed_in_at),
            "iat": int(self.clock()),
        }
        access_token = self._access_token(occasion, {**common, "username": user.username}, overrides)
        id_token = None
        if _wants_id_token(occasion.scopes):
            own = self._id_claims(occasion, user, access_token, nonce)
            claims = {**attribute_claims(client, user, occasion.scopes), **common, **own}
            claims |= group_claims(overrides.groups, with_roles=True)
            id_token = self.key.sign(apply_changes(claims, overrides.id_token))
        return Tokens(access_token, id_token, lifetime(client, "AccessToken"))

    def for_program(self, occasion: Occasion) -> Tokens:
        """An access token for a program itself: the client credentials grant."""
        overrides = pre_token_generation(self.triggers, occasion, Groups())
        common = {"sub": occasion.client.id, "iss": occasion.pool.issuer, "iat": int(self.clock())}
        common |= {"auth_time": common["iat"]}
        access_token = self._access_token(occasion, common, overrides)
        return Tokens(access_token, None, lifetime(occasion.client, "AccessToken"))

    def _access_token(self, occasion: Occasion, common: Claims, overrides: Overrides) -> str:
        scopes = changed_scopes(occasion.scopes, overrides.access_token)
        claims = {
            **common,
            "client_id": occasion.client.id,
            "token_use": "access",
            "scope": " ".join(scopes),
            "exp": common["iat"] + lifetime(occasion.client, "AccessToken"),
            "jti": str(uuid.uuid4()),
            **group_claims(overrides.groups, with_roles=False),
        }
        if occasion.source in ("HostedAuth", "ClientCredentials"):
            claims["version"] = 2
        return self.key.sign(apply_changes(claims, overrides.access_token))

    def _id_claims(self, occasion: Occasion, user: User, access_token: str, nonce: str | None) -> Claims:
        claims: Claims = {
            "aud": occasion.client.id,
            "token_use": "id",
            "cognito:username": user.username,
            "exp": int(self.clock()) + lifetime(occasion.client, "IdToken"),
            "jti": str(uuid.uuid4()),
        }
        if occasion.source == "HostedAuth":
            claims["at_hash"] = _half_hash(access_token)
        if nonce:
            claims["nonce"] = nonce
        return claims


def _wants_id_token(scopes: tuple[str, ...]) -> bool:
    """Signing in through the API gives one; through OAuth, only the scope openid does."""
    return scopes == (ADMIN_SCOPE,) or "openid" in scopes


def _half_hash(access_token: str) -> str:
    """OpenID Connect Core 3.1.3.6: the left half of the hash."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
