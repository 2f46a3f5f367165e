"""The paths of the hosted UI."""

from collections.abc import Mapping
from dataclasses import dataclass

from toolchain.local.aws.messages import Handler, HttpRequest, HttpResponse, json_response
from toolchain.local.cognito.hosted_ui.accounts import Logout, Revoke, UserInfo
from toolchain.local.cognito.hosted_ui.authorization import RedirectedError
from toolchain.local.cognito.hosted_ui.browser import BrowserSessions
from toolchain.local.cognito.hosted_ui.challenges import PageChallenges
from toolchain.local.cognito.hosted_ui.errors import OAuthError, PageError
from toolchain.local.cognito.hosted_ui.forgotten_password import (
    ConfirmForgotPasswordPage,
    ForgotPasswordPage,
)
from toolchain.local.cognito.hosted_ui.grants import Grants
from toolchain.local.cognito.hosted_ui.pages import error_page, redirect
from toolchain.local.cognito.hosted_ui.signing_in import Authorize, Granting, Login
from toolchain.local.cognito.hosted_ui.signing_up import ConfirmPage, SignUpPage
from toolchain.local.cognito.hosted_ui.token_endpoint import TokenEndpoint
from toolchain.local.cognito.once import OnceStore
from toolchain.local.cognito.operations import Operation
from toolchain.local.cognito.services import Services
from toolchain.local.cognito.sign_in.new_password import NewPassword
from toolchain.local.cognito.sign_in.software_token import MfaSetup, SoftwareTokenMfa

_NO_PAGE = ("/confirmUser", "/saml2/logout", "/passkeys/add")
_METHODS = {
    "/oauth2/authorize": ("GET",),
    "/oauth2/token": ("POST",),
    "/oauth2/userInfo": ("GET", "POST"),
    "/oauth2/revoke": ("POST",),
    "/login": ("GET", "POST"),
    "/signup": ("GET", "POST"),
    "/confirm": ("GET", "POST"),
    "/forgotPassword": ("GET", "POST"),
    "/confirmForgotPassword": ("GET", "POST"),
    "/logout": ("GET",),
}


@dataclass(frozen=True, slots=True)
class HostedUi:
    endpoints: Mapping[str, Handler]

    def __call__(self, request: HttpRequest) -> HttpResponse | None:
        """The answer, or None for a path that is none of its own."""
        if request.path in _NO_PAGE:
            return error_page(f"{request.path} is not supported locally; use the API")
        endpoint = self.endpoints.get(request.path)
        if endpoint is None:
            return None
        if request.method not in _METHODS[request.path]:
            return json_response({"error": "invalid_request"}, 405)
        response = _answer(endpoint, request)
        if request.path.startswith("/oauth2/"):
            return response.with_headers(("access-control-allow-origin", "*"), ("cache-control", "no-store"))
        return response


def _answer(endpoint: Handler, request: HttpRequest) -> HttpResponse:
    try:
        return endpoint(request)
    except RedirectedError as error:
        return redirect(error.location)
    except PageError as error:
        return error_page(f"{error.code}: {error.description}")
    except OAuthError as error:
        return json_response(error.parameters(), 400)


def open_hosted_ui(services: Services, operations: Mapping[str, Operation]) -> HostedUi:
    """The hosted UI of all pools; its forms do what apps do with operations."""
    s = services
    browsers = BrowserSessions(s.key, s.users, s.clock)
    grants = Grants(OnceStore(s.clock))
    granting = Granting(grants, s.issuer)
    token_endpoint = TokenEndpoint(s.pools, s.users, grants, s.issuer, s.refreshing)
    return HostedUi(
        {
            "/oauth2/authorize": Authorize(s.pools, browsers, granting),
            "/oauth2/token": lambda request: json_response(token_endpoint(request)),
            "/oauth2/userInfo": UserInfo(s.tokens),
            "/oauth2/revoke": Revoke(s.pools, s.sign_ins, s.key),
            "/login": Login(s.pools, s.password, _challenges(s, operations), browsers, granting),
            "/signup": SignUpPage(s.pools, operations),
            "/confirm": ConfirmPage(s.pools, operations),
            "/forgotPassword": ForgotPasswordPage(s.pools, operations),
            "/confirmForgotPassword": ConfirmForgotPasswordPage(s.pools, operations),
            "/logout": Logout(s.pools, browsers),
        }
    )


def _challenges(s: Services, operations: Mapping[str, Operation]) -> PageChallenges:
    return PageChallenges(
        s.completion,
        NewPassword(s.answering, s.users, s.completion, s.clock),
        SoftwareTokenMfa(s.answering, s.users, s.lockout, s.completion, s.clock),
        MfaSetup(s.answering, s.users, s.completion),
        operations,
    )
