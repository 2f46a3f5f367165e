"""/oauth2/authorize and /login: from an app's request to a redirect with a code.

https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
"""

from dataclasses import dataclass, replace

from toolchain.local.aws.messages import HttpRequest, HttpResponse
from toolchain.local.cognito.errors import CognitoError, NotAuthorizedError
from toolchain.local.cognito.hosted_ui.authorization import (
    Authorization,
    RedirectedError,
    parse_authorization,
)
from toolchain.local.cognito.hosted_ui.browser import BrowserSessions
from toolchain.local.cognito.hosted_ui.challenges import NotOnThisPageError, PageChallenges, form_again
from toolchain.local.cognito.hosted_ui.errors import OAuthError
from toolchain.local.cognito.hosted_ui.forms import ExpiredFormError, check_form, show
from toolchain.local.cognito.hosted_ui.grants import Grant, Grants
from toolchain.local.cognito.hosted_ui.pages import Field, Form, redirect
from toolchain.local.cognito.pool import Pool, Pools
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.sign_in.password import PasswordCheck
from toolchain.local.cognito.sign_in.steps import Attempt, Start
from toolchain.local.cognito.tokens.issuing import Issuer
from toolchain.local.cognito.triggers.tokens import Occasion
from toolchain.local.cognito.user import User

# https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html: not in the
# hosted UI, on AWS either.
_FLOWS = {
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH",
}


@dataclass(frozen=True, slots=True)
class Granting:
    """What a user who has signed in goes back to the app with."""

    grants: Grants
    issuer: Issuer

    def redirect(self, asked: Authorization, user: User) -> HttpResponse:
        """Where the browser goes; raises RedirectedError if a function refuses the tokens."""
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
        try:
            tokens = self.issuer.sign_in(occasion, user, asked.nonce)
        except CognitoError as error:
            refused = OAuthError("invalid_request", error.message)
            raise RedirectedError(refused, asked.location(refused.parameters())) from error
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
    challenges: PageChallenges
    browsers: BrowserSessions
    granting: Granting

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = parse_authorization(self.pools, request.parameters)
        username = request.form.get("username", "")
        if request.method != "POST":
            return show(request, sign_in_form(asked.pool))
        try:
            check_form(request)
            attempt, challenge = self._go_on(asked, request)
            if challenge:
                return show(request, self.challenges.form(username, challenge))
            self.challenges.completion.enter(attempt)
        except CognitoError as error:
            again = form_again(request.form) if _is_open(request, error) else None
            return show(request, again or sign_in_form(asked.pool, username), error.message)
        return self.granting.redirect(asked, attempt.user).with_headers(self.browsers.start(attempt.user))

    def _go_on(self, asked: Authorization, request: HttpRequest) -> tuple[Attempt, Document | None]:
        if "challenge" in request.form:
            return self.challenges.settle(asked, request.form)
        user = self._check_password(asked, request)
        attempt = Attempt(asked.pool, asked.client, user, "HostedAuth")
        return attempt, self.challenges.completion.challenge(attempt)

    def _check_password(self, asked: Authorization, request: HttpRequest) -> User:
        """The page asks for a password, whatever flows the client has, unless functions are to decide."""
        if asked.client.flows & _FLOWS == {"ALLOW_CUSTOM_AUTH"}:
            raise NotOnThisPageError("CUSTOM_AUTH")
        fields = {"USERNAME": request.form.get("username", ""), "PASSWORD": request.form.get("password", "")}
        # The page is Cognito's own: it needs no secret of the client.
        return self.password.check(Start(asked.pool, replace(asked.client, secret=None), fields))


def sign_in_form(pool: Pool, username: str = "", text: str = "") -> Form:
    """The form that everything leads back to."""
    fields = (
        Field("username", "Username or e-mail", username, autocomplete="username"),
        Field("password", "Password", kind="password", autocomplete="current-password"),
    )
    sign_up = () if pool.only_administrators_create_users else (("Sign up", "/signup"),)
    links = (("Forgot your password?", "/forgotPassword"), *sign_up, ("Enter a code", "/confirm"))
    return Form("/login", "Sign in", "Sign in", fields, text, links)


def _is_open(request: HttpRequest, error: CognitoError) -> bool:
    """Whether the challenge that was answered may be answered again."""
    return "challenge" in request.form and not isinstance(error, NotAuthorizedError | ExpiredFormError)
