"""GetTokensFromRefreshToken and RevokeToken.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html
"""

from dataclasses import dataclass

from toolchain.local.cognito.client_secret import is_secret
from toolchain.local.cognito.errors import (
    NotAuthorizedError,
    UnauthorizedError,
    UnsupportedOperationError,
    UnsupportedTokenTypeError,
)
from toolchain.local.cognito.pool import Client, Pools
from toolchain.local.cognito.refreshing import Refreshing
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.sign_ins import SignIns
from toolchain.local.cognito.tokens.keys import SigningKey


@dataclass(frozen=True, slots=True)
class GetTokensFromRefreshToken:
    """What Amplify 6 refreshes with. The answer has a new refresh token if the client rotates them."""

    pools: Pools
    refreshing: Refreshing

    def __call__(self, request: Request) -> Document:
        token = request.text("RefreshToken")
        pool, client = self.pools.by_client(request.text("ClientId"))
        check_client_secret(client, request)
        metadata = request.optional_mapping("ClientMetadata")
        tokens = self.refreshing.refresh(pool, client, token, metadata)
        return {"AuthenticationResult": tokens.result()}


@dataclass(frozen=True, slots=True)
class RevokeToken:
    pools: Pools
    sign_ins: SignIns
    key: SigningKey

    def __call__(self, request: Request) -> Document:
        """End the sign-in of a refresh token; an unknown one has nothing to end (RFC 7009, 2.2)."""
        token = request.text("Token")
        _, client = self.pools.by_client(request.text("ClientId"))
        check_client_secret(client, request)
        revoke(self.sign_ins, self.key, client, token)
        return {}


def revoke(sign_ins: SignIns, key: SigningKey, client: Client, token: str) -> None:
    """End a sign-in of a client: all its tokens are refused from now on."""
    if not client.can_revoke_tokens:
        raise UnsupportedOperationError(f"Token revocation is not enabled for client {client.id}")
    if key.read(token) is not None:
        raise UnsupportedTokenTypeError("Unsupported token type: only refresh tokens can be revoked")
    found = sign_ins.find(token)
    if found is None:
        return
    if found.sign_in.client_id != client.id:
        raise UnauthorizedError("The refresh token was not issued to this client")
    sign_ins.revoke(found.sign_in)


def check_client_secret(client: Client, request: Request) -> None:
    if not is_secret(client, request.optional_text("ClientSecret")):
        raise NotAuthorizedError(f"Unable to verify secret for client {client.id}")
