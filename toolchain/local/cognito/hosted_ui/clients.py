"""Which client asks, and whether it may."""

import base64

from toolchain.local.aws.messages import HttpRequest
from toolchain.local.cognito.client_secret import is_secret
from toolchain.local.cognito.errors import ResourceNotFoundError
from toolchain.local.cognito.hosted_ui.errors import OAuthError
from toolchain.local.cognito.pool import Client, Pool, Pools


def authenticate_client(pools: Pools, request: HttpRequest) -> tuple[Pool, Client]:
    """The client that a form is from (RFC 6749, 2.3.1); raises OAuthError unless it shows its secret."""
    client_id, secret = _credentials(request)
    try:
        pool, client = pools.by_client(client_id)
    except ResourceNotFoundError as error:
        raise OAuthError("invalid_client") from error
    if not is_secret(client, secret):
        raise OAuthError("invalid_client")
    return pool, client


def _credentials(request: HttpRequest) -> tuple[str, str | None]:
    scheme, _, encoded = request.header("authorization").partition(" ")
    if scheme.lower() != "basic":
        return request.form.get("client_id", ""), request.form.get("client_secret")
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError as error:
        raise OAuthError("invalid_client") from error
    return name, secret


def check_flow(client: Client, flow: str) -> None:
    """Raise OAuthError unless the client is set up for a flow: code, implicit, client_credentials."""
    settings = client.settings
    is_allowed = flow in (settings.get("AllowedOAuthFlows") or ())
    if not settings.get("AllowedOAuthFlowsUserPoolClient") or not is_allowed:
        raise OAuthError("unauthorized_client")


def requested_scopes(client: Client, wanted: str) -> tuple[str, ...]:
    """The scopes that are asked for, by default all that the client may have; raises OAuthError."""
    allowed = tuple(client.settings.get("AllowedOAuthScopes") or ())
    scopes = tuple(dict.fromkeys(wanted.split())) or allowed
    if not scopes or not set(scopes) <= set(allowed):
        raise OAuthError("invalid_scope")
    return scopes
