"""/oauth2/token: tokens for a code, for a refresh token, or for a program itself.

https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
"""

from dataclasses import dataclass

from toolchain.local.aws.messages import HttpRequest
from toolchain.local.cognito.errors import (
    CognitoError,
    NotAuthorizedError,
    RefreshTokenReuseError,
    UserNotFoundError,
)
from toolchain.local.cognito.hosted_ui.clients import authenticate_client, check_flow, requested_scopes
from toolchain.local.cognito.hosted_ui.errors import OAuthError
from toolchain.local.cognito.hosted_ui.grants import Grants
from toolchain.local.cognito.pool import Client, Pool, Pools
from toolchain.local.cognito.refreshing import Refreshing
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.issuing import Issuer, Tokens
from toolchain.local.cognito.triggers.tokens import Occasion


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    pools: Pools
    users: Users
    grants: Grants
    issuer: Issuer
    refreshing: Refreshing

    def __call__(self, request: HttpRequest) -> Document:
        """The answer to a form; raises OAuthError."""
        pool, client = authenticate_client(self.pools, request)
        match request.form.get("grant_type"):
            case "authorization_code":
                return _document(self._for_code(request, pool, client))
            case "refresh_token":
                return _document(self._for_refresh_token(request, pool, client))
            case "client_credentials":
                return _document(self._for_program(request, pool, client))
            case None:
                raise OAuthError("invalid_request")
            case _:
                raise OAuthError("unsupported_grant_type")

    def _for_code(self, request: HttpRequest, pool: Pool, client: Client) -> Tokens:
        form = request.form
        code, redirect_uri = form.get("code", ""), form.get("redirect_uri", "")
        grant = self.grants.take(code, client.id, redirect_uri, form.get("code_verifier"))
        user = self.users.find(pool, grant.username)
        if user is None or not user.is_enabled:
            raise OAuthError("invalid_grant")
        occasion = Occasion(pool, client, user, "HostedAuth", grant.scopes)
        try:
            return self.issuer.sign_in(occasion, user, grant.nonce)
        except CognitoError as error:
            raise OAuthError("invalid_request", error.message) from error

    def _for_refresh_token(self, request: HttpRequest, pool: Pool, client: Client) -> Tokens:
        try:
            return self.refreshing.refresh(pool, client, request.form.get("refresh_token", ""))
        except (NotAuthorizedError, RefreshTokenReuseError, UserNotFoundError) as error:
            raise OAuthError("invalid_grant") from error
        except CognitoError as error:
            raise OAuthError("invalid_request", error.message) from error

    def _for_program(self, request: HttpRequest, pool: Pool, client: Client) -> Tokens:
        if client.secret is None:
            raise OAuthError("unauthorized_client")
        check_flow(client, "client_credentials")
        scopes = requested_scopes(client, request.form.get("scope", ""))
        if not set(scopes) <= pool.scopes:
            raise OAuthError("invalid_scope")
        try:
            return self.issuer.for_program(Occasion(pool, client, None, "ClientCredentials", scopes))
        except CognitoError as error:
            raise OAuthError("invalid_request", error.message) from error


def _document(tokens: Tokens) -> Document:
    optional = {"id_token": tokens.id_token, "refresh_token": tokens.refresh_token}
    return {
        "access_token": tokens.access_token,
        "expires_in": tokens.expires_in,
        "token_type": "Bearer",
        **{name: token for name, token in optional.items() if token},
    }
