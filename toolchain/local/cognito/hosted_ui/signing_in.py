"""/oauth2/authorize and /login: from an app's request to a redirect with a code.

https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
"""

from dataclasses import dataclass, replace

from toolchain.local.aws.messages import HttpRequest, HttpResponse
from toolchain.local.cognito.errors import CognitoError
from toolchain.local.cognito.hosted_ui.authorization import Authorization, parse_authorization
from toolchain.local.cognito.hosted_ui.browser import BrowserSessions, form_token, is_own_form
from toolchain.local.cognito.hosted_ui.grants import Grant, Grants
from toolchain.local.cognito.hosted_ui.pages import html_response, redirect, sign_in_page
from toolchain.local.cognito.pool import Pools
from toolchain.local.cognito.sign_in.completion import Completion
from toolchain.local.cognito.sign_in.password import PasswordCheck
from toolchain.local.cognito.sign_in.steps import Attempt, Start
from toolchain.local.cognito.tokens.issuing import Issuer
from toolchain.local.cognito.triggers.tokens import Occasion
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class Granting:
    """What a user who has signed in goes back to the app with."""

    grants: Grants
    issuer: Issuer

    def redirect(self, asked: Authorization, user: User) -> HttpResponse:
        if asked.response_type == "code":
            grant = Grant(
                asked.client.id,
                user.username,
                asked.redirect_uri,
                asked.scopes,
                asked.nonce,
                asked.code_challenge,
            )
            return redirect(asked.location({"code": self.grants.put(grant)}))
        occasion = Occasion(asked.pool, asked.client, user, "HostedAuth", asked.scopes)
        tokens = self.issuer.sign_in(occasion, user, asked.nonce)
        answer = {"access_token": tokens.access_token, "token_type": "Bearer"}
        answer |= {"id_token": tokens.id_token} if tokens.id_token else {}
        return redirect(asked.location({**answer, "expires_in": str(tokens.expires_in)}))


@dataclass(frozen=True, slots=True)
class Authorize:
    """GET /oauth2/authorize: the sign-in page, unless somebody has signed in in this browser."""

    pools: Pools
    browsers: BrowserSessions
    granting: Granting

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = parse_authorization(self.pools, request.parameters)
        user = self.browsers.read(asked.pool, request)
        if user is None or request.parameters.get("prompt") == "login":
            return redirect(f"/login?{request.query}")
        return self.granting.redirect(asked, user)


@dataclass(frozen=True, slots=True)
class Login:
    """GET and POST /login."""

    pools: Pools
    password: PasswordCheck
    completion: Completion
    browsers: BrowserSessions
    granting: Granting

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = parse_authorization(self.pools, request.parameters)
        if request.method != "POST":
            return _show(request)
        if not is_own_form(request):
            return _show(request, "The form has expired; please try again.")
        try:
            user = self._sign_in(asked, request)
        except CognitoError as error:
            return _show(request, error.message)
        return self.granting.redirect(asked, user).with_headers(self.browsers.start(user))

    def _sign_in(self, asked: Authorization, request: HttpRequest) -> User:
        fields = {"USERNAME": request.form.get("username", ""), "PASSWORD": request.form.get("password", "")}
        # The page is Cognito's own: it needs no secret of the client, whose flows are not asked either.
        page = replace(asked.client, secret=None)
        user = self.password.check(Start(asked.pool, page, fields))
        attempt = Attempt(asked.pool, asked.client, user, "HostedAuth")
        challenge = self.completion.challenge(attempt)
        if challenge:
            raise _NotOnThisPageError(challenge["ChallengeName"])
        self.completion.enter(attempt)
        return user


class _NotOnThisPageError(CognitoError):
    code = "NotSupportedLocally"

    def __init__(self, challenge: str) -> None:
        super().__init__(f"{challenge} is not supported on this page; sign in through the API")


def _show(request: HttpRequest, problem: str = "") -> HttpResponse:
    token, cookie = form_token()
    login = request.form.get("username", "") if request.method == "POST" else ""
    page = sign_in_page(dict(request.parameters), token, problem, login)
    return html_response(page).with_headers(cookie)
