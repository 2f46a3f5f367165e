"""/signup and /confirm: a new user, and the code that shows that the address is theirs.

https://docs.aws.amazon.com/cognito/latest/developerguide/signup-endpoint.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from toolchain.local.aws.messages import HttpRequest, HttpResponse
from toolchain.local.cognito.errors import CognitoError
from toolchain.local.cognito.hosted_ui.authorization import Authorization, parse_authorization
from toolchain.local.cognito.hosted_ui.forms import as_request, check_form, show
from toolchain.local.cognito.hosted_ui.pages import Field, Form
from toolchain.local.cognito.hosted_ui.signing_in import sign_in_form
from toolchain.local.cognito.operations import Operation
from toolchain.local.cognito.pool import Pool, Pools

_SIGN_IN = ("Sign in", "/login")
_KINDS = {"email": "email", "phone_number": "tel"}
_ATTRIBUTE = "attribute."


@dataclass(frozen=True, slots=True)
class SignUpPage:
    """GET and POST /signup."""

    pools: Pools
    operations: Mapping[str, Operation]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = parse_authorization(self.pools, request.parameters)
        if request.method != "POST":
            return show(request, _form(asked.pool, {}))
        try:
            check_form(request)
            is_confirmed = self._sign_up(asked, request.form)
        except CognitoError as error:
            return show(request, _form(asked.pool, request.form), error.message)
        username = request.form.get("username", "")
        if is_confirmed:
            return show(request, sign_in_form(asked.pool, username, "You can sign in now."))
        return show(request, _confirmation(username, "We have sent you a code."))

    def _sign_up(self, asked: Authorization, fields: Mapping[str, str]) -> bool:
        attributes = [
            {"Name": name.removeprefix(_ATTRIBUTE), "Value": value}
            for name, value in fields.items()
            if name.startswith(_ATTRIBUTE)
        ]
        members = {"Password": fields.get("password", ""), "UserAttributes": attributes}
        request = as_request(asked.client, fields.get("username", ""), **members)
        return bool(self.operations["SignUp"](request)["UserConfirmed"])


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """GET and POST /confirm; a form without a code asks for another one."""

    pools: Pools
    operations: Mapping[str, Operation]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = parse_authorization(self.pools, request.parameters)
        username, code = request.form.get("username", ""), request.form.get("code", "")
        if request.method != "POST":
            return show(request, _asking())
        try:
            check_form(request)
            if not code:
                self.operations["ResendConfirmationCode"](as_request(asked.client, username))
                return show(request, _confirmation(username, "We have sent you another code."))
            self.operations["ConfirmSignUp"](as_request(asked.client, username, ConfirmationCode=code))
        except CognitoError as error:
            return show(request, _confirmation(username) if code else _asking(), error.message)
        return show(request, sign_in_form(asked.pool, username, "You are confirmed, and can sign in now."))


def login_field(pool: Pool, value: str = "") -> Field:
    """What users of the pool sign up with."""
    match pool.username_attributes:
        case ("email",):
            return Field("username", "E-mail", value, "email", "username")
        case ("phone_number",):
            return Field("username", "Phone number", value, "tel", "username")
        case ():
            return Field("username", "Username", value, autocomplete="username")
        case _:
            return Field("username", "E-mail or phone number", value, autocomplete="username")


def _form(pool: Pool, filled_in: Mapping[str, str]) -> Form:
    asked = [name for name, attribute in pool.schema.items() if attribute.is_required and name != "sub"]
    wanted = dict.fromkeys([*asked, *pool.auto_verified_attributes])
    attributes = [
        Field(
            f"{_ATTRIBUTE}{name}",
            name.removeprefix("custom:").replace("_", " ").capitalize(),
            filled_in.get(f"{_ATTRIBUTE}{name}", ""),
            _KINDS.get(name, "text"),
        )
        for name in wanted
        if pool.username_attributes != (name,)
    ]
    password = Field("password", "Password", kind="password", autocomplete="new-password")
    fields = (login_field(pool, filled_in.get("username", "")), *attributes, password)
    return Form("/signup", "Sign up", "Sign up", fields, links=(_SIGN_IN, ("Enter a code", "/confirm")))


def _confirmation(username: str, text: str = "") -> Form:
    fields = (Field("username", value=username), Field("code", "Code", autocomplete="one-time-code"))
    return Form("/confirm", "Confirm your account", "Confirm", fields, text, (_AGAIN, _SIGN_IN))


def _asking() -> Form:
    """For those who come later, or need another code."""
    fields = (Field("username", "Username or e-mail", autocomplete="username"),)
    return Form("/confirm", "Confirm your account", "Send a new code", fields, links=(_SIGN_IN,))


_AGAIN = ("Send another code", "/confirm")
