"""Tokens, verified: signature and claims (RFC 7515, 7519).

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html#http-api-jwt-authorizer.evaluation

Of times that page says: exp "must be after the current time in UTC", nbf and iat "must be before the current
time in UTC". It grants no leeway for clocks that differ, so there is none here; a token that was issued in
this very second is good, as everybody's first request shows.
"""

from math import ceil
from typing import Any, TypeIs

import orjson
from joserfc.errors import JoseError
from joserfc.jws import CompactSignature, JWSRegistry, extract_compact, validate_compact

from toolchain.local.http_api.keys import IssuerKeys
from toolchain.local.http_api.limits import MAX_HEAD_BYTES
from toolchain.local.http_api.routes import Issuer


class _Registry(JWSRegistry):
    """A token is as long as the API's limit for headers lets it be."""

    max_header_length = max_payload_length = max_signature_length = MAX_HEAD_BYTES


# "Currently, only RSA-based algorithms are supported." Members of the header that nobody knows mean nothing,
# unless they say that they do (RFC 7515, 4.1.11: crit, which is checked all the same).
_REGISTRY = _Registry(
    algorithms=["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"], strict_check_header=False
)


class TokenError(Exception):
    """The token is not good; the text says why, and may be shown to the caller."""


async def verify(token: str, issuer: Issuer, keys: IssuerKeys, now: float) -> dict[str, Any]:
    """The claims of a token that is good now. Raises TokenError, KeySourceError."""
    signed = _extract(token)
    await _check_signature(signed, keys)
    claims = _parse(signed.payload)
    _check_claims(claims, issuer, now)
    return claims


def _extract(token: str) -> CompactSignature:
    try:
        return extract_compact(token.encode(), registry=_REGISTRY)
    except (JoseError, ValueError) as error:
        raise TokenError("the token cannot be decoded") from error


async def _check_signature(signed: CompactSignature, keys: IssuerKeys) -> None:
    kid = signed.headers().get("kid")
    if not isinstance(kid, str):
        raise TokenError("the token does not name its key")
    key = await keys.find(kid)
    if key is None:
        raise TokenError("the token is signed with a key that the issuer does not have")
    try:
        is_valid = validate_compact(signed, key, registry=_REGISTRY)
    except (JoseError, ValueError) as error:
        raise TokenError("the token is not signed in a way that is supported") from error
    if not is_valid:
        raise TokenError("the token does not have a valid signature")


def _parse(payload: bytes | None) -> dict[str, Any]:
    try:
        claims = orjson.loads(payload or b"")
    except orjson.JSONDecodeError as error:
        raise TokenError("the token's claims are not JSON") from error
    if not isinstance(claims, dict):
        raise TokenError("the token's claims are no object")
    return claims


def _check_claims(claims: dict[str, Any], issuer: Issuer, now: float) -> None:
    if claims.get("iss") != issuer.url:
        raise TokenError("the token does not have a valid issuer")
    if issuer.audience.isdisjoint(_audience(claims)):
        # API Gateway's own words (http-api-troubleshooting-jwt); the others are in their manner.
        raise TokenError("the token does not have a valid audience")
    if not _is_time(claims.get("exp")) or claims["exp"] <= now:
        raise TokenError("the token has expired")
    for name in ("nbf", "iat"):
        if name in claims:
            _check_start(name, claims[name], now)


def _check_start(name: str, value: object, now: float) -> None:
    """By how much it is early tells whose clock was set: of this machine, between sign-in and call."""
    if not _is_time(value):
        raise TokenError(f"the token does not have a valid {name}")
    if value > now:
        raise TokenError(f"the token is not valid yet: {name} is {ceil(value - now)} s ahead of the clock")


def _audience(claims: dict[str, Any]) -> list[str]:
    """Whom it was made for: `client_id` counts without `aud` only (http-api-troubleshooting-jwt)."""
    audience = claims["aud"] if "aud" in claims else claims.get("client_id")
    audiences = audience if isinstance(audience, list) else [audience]
    return [each for each in audiences if isinstance(each, str)]


def _is_time(value: object) -> TypeIs[int | float]:
    """A NumericDate (RFC 7519, 2); True and False are integers to Python."""
    return isinstance(value, int | float) and not isinstance(value, bool)
