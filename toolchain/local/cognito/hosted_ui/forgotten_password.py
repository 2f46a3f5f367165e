"""/forgotPassword and /confirmForgotPassword: a code, and a new password with it.

https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from toolchain.local.aws.messages import HttpRequest, HttpResponse
from toolchain.local.cognito.errors import CognitoError
from toolchain.local.cognito.hosted_ui.authorization import parse_authorization
from toolchain.local.cognito.hosted_ui.forms import as_request, check_form, show
from toolchain.local.cognito.hosted_ui.pages import Field, Form
from toolchain.local.cognito.hosted_ui.signing_in import sign_in_form
from toolchain.local.cognito.operations import Operation
from toolchain.local.cognito.pool import Pools

_SIGN_IN = ("Sign in", "/login")


@dataclass(frozen=True, slots=True)
class ForgotPasswordPage:
    """GET and POST /forgotPassword: has a code sent."""

    pools: Pools
    operations: Mapping[str, Operation]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = parse_authorization(self.pools, request.parameters)
        username = request.form.get("username", "")
        if request.method != "POST":
            return show(request, _form())
        try:
            check_form(request)
            self.operations["ForgotPassword"](as_request(asked.client, username))
        except CognitoError as error:
            return show(request, _form(username), error.message)
        return show(request, _confirmation(username, "We have sent you a code."))


@dataclass(frozen=True, slots=True)
class ConfirmForgotPasswordPage:
    """POST /confirmForgotPassword: sets the password."""

    pools: Pools
    operations: Mapping[str, Operation]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = parse_authorization(self.pools, request.parameters)
        if request.method != "POST":
            return show(request, _form())
        username = request.form.get("username", "")
        members = {
            "ConfirmationCode": request.form.get("code", ""),
            "Password": request.form.get("password", ""),
        }
        try:
            check_form(request)
            self.operations["ConfirmForgotPassword"](as_request(asked.client, username, **members))
        except CognitoError as error:
            return show(request, _confirmation(username), error.message)
        return show(request, sign_in_form(asked.pool, username, "Your password has been changed."))


def _form(username: str = "") -> Form:
    field = Field("username", "Username or e-mail", username, autocomplete="username")
    return Form("/forgotPassword", "Forgot your password?", "Send a code", (field,), links=(_SIGN_IN,))


def _confirmation(username: str, text: str = "") -> Form:
    fields = (
        Field("username", value=username),
        Field("code", "Code", autocomplete="one-time-code"),
        Field("password", "New password", kind="password", autocomplete="new-password"),
    )
    path = "/confirmForgotPassword"
    return Form(path, "Change your password", "Change password", fields, text, (_SIGN_IN,))
