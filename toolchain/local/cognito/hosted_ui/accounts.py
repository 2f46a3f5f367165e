"""/oauth2/userInfo, /oauth2/revoke, /logout.

https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
"""

from dataclasses import dataclass

from toolchain.local.aws.messages import HttpRequest, HttpResponse, json_response
from toolchain.local.cognito.errors import CognitoError, ResourceNotFoundError
from toolchain.local.cognito.hosted_ui.browser import BrowserSessions
from toolchain.local.cognito.hosted_ui.clients import authenticate_client
from toolchain.local.cognito.hosted_ui.errors import OAuthError, PageError
from toolchain.local.cognito.hosted_ui.pages import redirect
from toolchain.local.cognito.operations.refresh_tokens import revoke
from toolchain.local.cognito.pool import Pools
from toolchain.local.cognito.store.sign_ins import SignIns
from toolchain.local.cognito.tokens.claims import attribute_claims
from toolchain.local.cognito.tokens.keys import SigningKey
from toolchain.local.cognito.tokens.reading import AccessTokens


@dataclass(frozen=True, slots=True)
class UserInfo:
    tokens: AccessTokens

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The attributes that the token's scopes stand for; booleans are strings here."""
        scheme, _, token = request.header("authorization").partition(" ")
        if scheme.lower() != "bearer":
            return _unauthorized("invalid_request", "Authorization must be Bearer and an access token")
        try:
            bearer = self.tokens.read(token, scope="openid")
        except CognitoError as error:
            return _unauthorized("invalid_token", error.message)
        claims = attribute_claims(bearer.client, bearer.user, bearer.scopes)
        texts = {name: str(v).lower() if isinstance(v, bool) else v for name, v in claims.items()}
        return json_response({"sub": bearer.user.sub, **texts, "username": bearer.user.username})


@dataclass(frozen=True, slots=True)
class Revoke:
    pools: Pools
    sign_ins: SignIns
    key: SigningKey

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request.form.get("token")
        if not token:
            raise OAuthError("invalid_request")
        _, client = authenticate_client(self.pools, request)
        try:
            revoke(self.sign_ins, self.key, client, token)
        except CognitoError as error:
            codes = {
                "UnsupportedTokenTypeException": "unsupported_token_type",
                "UnauthorizedException": "unauthorized_client",
            }
            raise OAuthError(codes.get(error.code, "invalid_request"), error.message) from error
        return HttpResponse(200)


@dataclass(frozen=True, slots=True)
class Logout:
    pools: Pools
    browsers: BrowserSessions

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Forget who has signed in in this browser; on to one of the client's pages, or a new sign-in."""
        parameters = request.parameters
        try:
            _, client = self.pools.by_client(parameters.get("client_id", ""))
        except ResourceNotFoundError as error:
            raise PageError("invalid_request", "client_id is no app client's") from error
        location = parameters.get("logout_uri")
        if location is None and "redirect_uri" in parameters:
            location = f"/login?{request.query}"
        elif location not in (client.settings.get("LogoutURLs") or ()):
            raise PageError("redirect_mismatch", "logout_uri is none of the client's LogoutURLs")
        return redirect(str(location)).with_headers(self.browsers.end())


def _unauthorized(code: str, description: str) -> HttpResponse:
    challenge = ("www-authenticate", f'Bearer error="{code}", error_description="{description}"')
    document = {"error": code, "error_description": description}
    return json_response(document, 401).with_headers(challenge)
