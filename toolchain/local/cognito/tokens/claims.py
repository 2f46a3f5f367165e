"""What is in ID and access tokens.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
"""

from typing import Any

from toolchain.local.cognito.pool import Client
from toolchain.local.cognito.triggers.tokens import Changes, Groups
from toolchain.local.cognito.user import User

ADMIN_SCOPE = "aws.cognito.signin.user.admin"
type Claims = dict[str, Any]

# What a trigger can't change, whatever it answers.
_PROTECTED = frozenset(
    {
        *("acr", "amr", "aud", "at_hash", "auth_time", "azp", "client_id", "cognito:username", "event_id"),
        *("exp", "iat", "identities", "iss", "jti", "nbf", "nonce", "origin_jti", "sub", "token_use"),
        *("username", "version", "scope"),
    }
)
_SCOPE_ATTRIBUTES = {
    "email": {"email", "email_verified"},
    "phone": {"phone_number", "phone_number_verified"},
    "profile": {
        *("address", "birthdate", "family_name", "gender", "given_name", "locale", "middle_name", "name"),
        *("nickname", "picture", "preferred_username", "profile", "updated_at", "website", "zoneinfo"),
    },
}


def attribute_claims(client: Client, user: User, scopes: tuple[str, ...]) -> Claims:
    """The user's attributes that the client may read; with OAuth scopes, those they stand for.

    `openid` alone stands for all of them.
    """
    narrowing = [_SCOPE_ATTRIBUTES[scope] for scope in scopes if scope in _SCOPE_ATTRIBUTES]
    included = set().union(*narrowing)
    return {
        name: claim_value(name, value)
        for name, value in user.attributes.items()
        if client.may_read(name) and (not narrowing or name in included)
    }


def claim_value(name: str, value: str) -> object:
    """The value as OpenID Connect types it."""
    match name:
        case "email_verified" | "phone_number_verified":
            return value == "true"
        case "address":
            return {"formatted": value}
        case "updated_at":
            return int(value)
        case _:
            return value


def group_claims(groups: Groups, *, with_roles: bool) -> Claims:
    """Absent, not empty, for users without groups or roles."""
    claims: Claims = {}
    if groups.names:
        claims["cognito:groups"] = list(groups.names)
    if with_roles and groups.roles:
        claims["cognito:roles"] = list(groups.roles)
    if with_roles and groups.preferred_role:
        claims["cognito:preferred_role"] = groups.preferred_role
    return claims


def apply_changes(claims: Claims, changes: Changes) -> Claims:
    """The claims after a trigger's changes; what is protected stays as it is."""
    kept = {
        name: value for name, value in claims.items() if name in _PROTECTED or name not in changes.suppressed
    }
    added = {
        name: value
        for name, value in changes.claims.items()
        if name not in _PROTECTED and not name.startswith("dev:")
    }
    return {**kept, **added}


def changed_scopes(scopes: tuple[str, ...], changes: Changes) -> tuple[str, ...]:
    kept = [scope for scope in scopes if scope not in changes.suppressed_scopes]
    return tuple(dict.fromkeys([*kept, *changes.scopes]))
