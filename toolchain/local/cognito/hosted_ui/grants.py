"""Authorization codes: given out once, taken once, within five minutes."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from toolchain.local.cognito.hosted_ui.errors import OAuthError
from toolchain.local.cognito.once import OnceStore

_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for."""

    client_id: str
    username: str
    redirect_uri: str
    scopes: tuple[str, ...]
    nonce: str | None
    code_challenge: str | None


@dataclass(frozen=True, slots=True)
class Grants:
    store: OnceStore[Grant]

    def put(self, grant: Grant) -> str:
        return self.store.put(grant, _SECONDS)

    def take(self, code: str, client_id: str, redirect_uri: str, verifier: str | None) -> Grant:
        """The grant; raises OAuthError for a code of another client or page, or without its PKCE proof.

        A code that was shown is used up, whatever else is wrong.
        """
        grant = self.store.take(code)
        if grant is None or (grant.client_id, grant.redirect_uri) != (client_id, redirect_uri):
            raise OAuthError("invalid_grant")
        if not _is_proven(grant.code_challenge, verifier):
            raise OAuthError("invalid_grant")
        return grant


def _is_proven(challenge: str | None, verifier: str | None) -> bool:
    """RFC 7636, 4.6, with S256, the only method that Cognito has."""
    if challenge is None:
        return verifier is None
    digest = hashlib.sha256((verifier or "").encode()).digest()
    expected = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(expected, challenge.rstrip("=").encode(errors="replace"))
