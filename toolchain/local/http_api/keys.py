"""The public keys that an issuer signs its tokens with.

Fetched when they are first needed, and kept for two hours ("API Gateway can cache the public key for two
hours", http-api-jwt-authorizer). A token signed with a key that is not among them has them fetched again, but
once a second at most, so that made-up tokens cost little.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

KEPT_SECONDS = 2 * 60 * 60
REFETCH_SECONDS = 1.0


class KeySourceError(Exception):
    """The issuer's keys cannot be had; the text says why."""


class KeySource(Protocol):
    """Where the keys of an issuer are had from."""

    async def fetch(self, issuer: str) -> Mapping[str, Any]:
        """The issuer's JWK Set (RFC 7517, 5). Raises KeySourceError; an unknown issuer is one."""
        ...


class IssuerKeys:
    """The keys of one issuer, by kid."""

    def __init__(self, issuer: str, source: KeySource, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._source = source
        self._clock = clock
        self._keys: dict[str, RSAKey] = {}
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def find(self, kid: str) -> RSAKey | None:
        """The key of that name, or None. Raises KeySourceError if they have to be fetched and cannot be."""
        if self._must_fetch(kid):
            async with self._fetching:
                if self._must_fetch(kid):
                    await self._fetch()
        return self._keys.get(kid)

    def _must_fetch(self, kid: str) -> bool:
        age = abs(self._clock() - self._fetched_at)  # the clock may have been put back
        return age >= (KEPT_SECONDS if kid in self._keys else REFETCH_SECONDS)

    async def _fetch(self) -> None:
        """Replace the keys: those that the issuer no longer shows are good no more."""
        self._fetched_at = self._clock()
        key_set = await self._source.fetch(self._issuer)
        self._keys = read_keys(key_set)


def read_keys(key_set: Mapping[str, Any]) -> dict[str, RSAKey]:
    """The RSA keys for signatures in a JWK Set, by kid; no others can be used. Raises KeySourceError."""
    keys = {}
    for jwk in key_set.get("keys", ()):
        if jwk.get("kty") == "RSA" and jwk.get("use", "sig") == "sig" and isinstance(jwk.get("kid"), str):
            try:
                keys[jwk["kid"]] = RSAKey.import_key({"kty": "RSA", "n": jwk["n"], "e": jwk["e"]})
            except (JoseError, KeyError, ValueError) as error:
                raise KeySourceError(f"the key {jwk['kid']} cannot be read: {error}") from error
    return keys
