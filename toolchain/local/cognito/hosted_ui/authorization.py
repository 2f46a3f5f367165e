"""The authorization request: what an app sends the browser to /oauth2/authorize with.

https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from toolchain.local.cognito.errors import ResourceNotFoundError
from toolchain.local.cognito.hosted_ui.clients import check_flow, requested_scopes
from toolchain.local.cognito.hosted_ui.errors import OAuthError, PageError
from toolchain.local.cognito.pool import Client, Pool, Pools

_FLOWS = {"code": "code", "token": "implicit"}


@dataclass(frozen=True, slots=True)
class Authorization:
    """A request that may be granted. `code_challenge` is PKCE's (RFC 7636)."""

    pool: Pool
    client: Client
    redirect_uri: str
    response_type: str
    scopes: tuple[str, ...]
    state: str | None
    nonce: str | None
    code_challenge: str | None

    def location(self, parameters: Mapping[str, str]) -> str:
        """Where the browser goes with an answer: in the query, or for tokens in the fragment."""
        return redirect_location(self.redirect_uri, self.response_type, parameters, self.state)


def redirect_location(
    redirect_uri: str, response_type: str, parameters: Mapping[str, str], state: str | None
) -> str:
    mark = "#" if response_type == "token" else "&" if "?" in redirect_uri else "?"
    return f"{redirect_uri}{mark}{urlencode({**parameters, **({'state': state} if state else {})})}"


class RedirectedError(OAuthError):
    """An error that the app is told, by a redirect to `location`."""

    def __init__(self, error: OAuthError, location: str) -> None:
        super().__init__(error.code, error.description)
        self.location = location


def parse_authorization(pools: Pools, parameters: Mapping[str, str]) -> Authorization:
    """Check a request; raises PageError if the app can't be told, RedirectedError if it can."""
    pool, client = _find_client(pools, parameters.get("client_id", ""))
    redirect_uri = _redirect_uri(client, parameters.get("redirect_uri"))
    response_type, state = parameters.get("response_type", ""), parameters.get("state")
    try:
        return Authorization(
            pool=pool,
            client=client,
            redirect_uri=redirect_uri,
            response_type=_response_type(client, response_type),
            scopes=requested_scopes(client, parameters.get("scope", "")),
            state=state,
            nonce=parameters.get("nonce"),
            code_challenge=_code_challenge(parameters),
        )
    except OAuthError as error:
        location = redirect_location(redirect_uri, response_type, error.parameters(), state)
        raise RedirectedError(error, location) from error


def _find_client(pools: Pools, client_id: str) -> tuple[Pool, Client]:
    try:
        return pools.by_client(client_id)
    except ResourceNotFoundError as error:
        raise PageError("invalid_request", f"client_id {client_id!r} is no app client's") from error


def _redirect_uri(client: Client, wanted: str | None) -> str:
    """One of the client's CallbackURLs, compared as a whole: anything less would leak codes."""
    allowed = client.settings.get("CallbackURLs") or ()
    found = wanted or client.settings.get("DefaultRedirectURI")
    if found not in allowed:
        raise PageError("redirect_mismatch", f"redirect_uri {wanted!r} is none of the client's CallbackURLs")
    return str(found)


def _response_type(client: Client, response_type: str) -> str:
    if response_type not in _FLOWS:
        raise OAuthError("unsupported_response_type" if response_type else "invalid_request")
    check_flow(client, _FLOWS[response_type])
    return response_type


def _code_challenge(parameters: Mapping[str, str]) -> str | None:
    provider = parameters.get("identity_provider") or parameters.get("idp_identifier") or "COGNITO"
    if provider != "COGNITO":
        raise OAuthError("invalid_request", f"identity provider {provider} is not supported locally")
    challenge, method = parameters.get("code_challenge"), parameters.get("code_challenge_method")
    if (challenge or method) and method != "S256":
        raise OAuthError("invalid_request", "code_challenge_method must be S256")
    if method and not challenge:
        raise OAuthError("invalid_request", "code_challenge is missing")
    return challenge
