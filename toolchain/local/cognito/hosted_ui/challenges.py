"""What the sign-in page asks for besides the password: a new one, or the code of an app.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from toolchain.local.cognito.errors import CognitoError, NotAuthorizedError
from toolchain.local.cognito.hosted_ui.authorization import Authorization
from toolchain.local.cognito.hosted_ui.pages import Field, Form
from toolchain.local.cognito.operations import Operation
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.sign_in.completion import Completion
from toolchain.local.cognito.sign_in.new_password import NewPassword
from toolchain.local.cognito.sign_in.software_token import MfaSetup, SoftwareTokenMfa
from toolchain.local.cognito.sign_in.steps import Answer, Attempt

_ATTRIBUTE = "userAttributes."


class NotOnThisPageError(CognitoError):
    code = "NotSupportedLocally"

    def __init__(self, challenge: str) -> None:
        super().__init__(f"{challenge} is not supported on this page; sign in through the API")


@dataclass(frozen=True, slots=True)
class PageChallenges:
    completion: Completion
    new_password: NewPassword
    software_token: SoftwareTokenMfa
    setup: MfaSetup
    operations: Mapping[str, Operation]

    def settle(self, asked: Authorization, fields: Mapping[str, str]) -> tuple[Attempt, Document | None]:
        """The attempt that the form goes on with, and what is to be asked next. Raises CognitoError."""
        match fields["challenge"]:
            case "NEW_PASSWORD_REQUIRED":
                attempt = self.new_password.settle(_answer(asked, fields))
                attempt = replace(attempt, source="HostedAuth")
                return attempt, self.completion.second_factor(attempt)
            case "SOFTWARE_TOKEN_MFA":
                return self.software_token.settle(_answer(asked, fields)), None
            case "MFA_SETUP":
                return self.setup.settle(_answer(asked, self._verified(fields))), None
        raise NotAuthorizedError("Invalid session for the user.")

    def form(self, username: str, challenge: Document) -> Form:
        """The form for a challenge. Raises NotOnThisPageError."""
        known = (
            Field("username", value=username),
            Field("challenge", value=challenge["ChallengeName"]),
        )
        match challenge["ChallengeName"]:
            case "NEW_PASSWORD_REQUIRED":
                names = json.loads(challenge["ChallengeParameters"]["requiredAttributes"])
                return _new_password((*known, Field("session", value=challenge["Session"])), names)
            case "SOFTWARE_TOKEN_MFA":
                return _code((*known, Field("session", value=challenge["Session"])), "")
            case "MFA_SETUP":
                request = Request({"Session": challenge["Session"]})
                app = self.operations["AssociateSoftwareToken"](request)
                text = f"Add this key to your authenticator app: {app['SecretCode']}"
                return _code((*known, Field("session", value=app["Session"])), text)
        raise NotOnThisPageError(challenge["ChallengeName"])

    def _verified(self, fields: Mapping[str, str]) -> dict[str, str]:
        members = {"Session": fields.get("session", ""), "UserCode": fields.get("code", "")}
        session = self.operations["VerifySoftwareToken"](Request(members))["Session"]
        return {**fields, "session": session}


def form_again(fields: Mapping[str, str]) -> Form | None:
    """The form for another try in the same session; None for one that has to begin anew."""
    known = tuple(Field(name, value=fields.get(name, "")) for name in ("username", "challenge", "session"))
    match fields["challenge"]:
        case "NEW_PASSWORD_REQUIRED":
            names = [name for name in fields if name.startswith(_ATTRIBUTE)]
            return _new_password(known, names)
        case "SOFTWARE_TOKEN_MFA":
            return _code(known, "")
    return None


def _answer(asked: Authorization, fields: Mapping[str, str]) -> Answer:
    responses = {
        "USERNAME": fields.get("username", ""),
        "NEW_PASSWORD": fields.get("password", ""),
        "SOFTWARE_TOKEN_MFA_CODE": fields.get("code", ""),
        **{name: value for name, value in fields.items() if name.startswith(_ATTRIBUTE)},
    }
    # The page is Cognito's own: it needs no secret of the client.
    return Answer(asked.pool, replace(asked.client, secret=None), responses, fields.get("session"))


def _new_password(known: tuple[Field, ...], attributes: list[str]) -> Form:
    password = Field("password", "New password", kind="password", autocomplete="new-password")
    asked = (Field(name, name.removeprefix(_ATTRIBUTE).replace("_", " ").capitalize()) for name in attributes)
    return Form("/login", "Choose a new password", "Go on", (*known, password, *asked))


def _code(known: tuple[Field, ...], text: str) -> Form:
    code = Field("code", "Code", autocomplete="one-time-code")
    return Form("/login", "Enter the code of your app", "Sign in", (*known, code), text)
