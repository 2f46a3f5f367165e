"""PreSignUp and PostConfirmation.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
"""

from dataclasses import dataclass
from typing import Literal

from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.triggers.attributes import metadata, user_attributes
from toolchain.local.cognito.triggers.calling import Call, Triggers
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What confirmed a user, and in which client; None: an administrator did."""

    occasion: Literal["ConfirmSignUp", "ConfirmForgotPassword"]
    client_id: str | None


@dataclass(frozen=True, slots=True)
class PreSignUpAnswer:
    confirms: bool = False
    verifies_email: bool = False
    verifies_phone: bool = False


def pre_sign_up(
    triggers: Triggers,
    pool: Pool,
    user: User,
    client_id: str | None,
    extra: dict[str, dict[str, str] | None],
) -> PreSignUpAnswer:
    """Ask whether a user may sign up. There is no sub in the event: the user does not exist yet.

    `extra` has validationData and clientMetadata. The answer counts for sign-ups only; for users that an
    administrator makes, the function can but refuse.
    """
    by_administrator = client_id is None
    attributes = _given(user)
    if by_administrator:
        attributes = {"cognito:user_status": user.status, **attributes}
    response = triggers.fire(
        Call(
            pool=pool,
            trigger="PreSignUp",
            source="PreSignUp_AdminCreateUser" if by_administrator else "PreSignUp_SignUp",
            username=user.username,
            client_id=client_id,
            request={
                "userAttributes": attributes,
                "validationData": extra.get("validationData"),
                **metadata(extra.get("clientMetadata")),
            },
            response={"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
        )
    )
    if response is None or by_administrator:
        return PreSignUpAnswer()
    return PreSignUpAnswer(
        confirms=bool(response.get("autoConfirmUser")),
        verifies_email=bool(response.get("autoVerifyEmail")),
        verifies_phone=bool(response.get("autoVerifyPhone")),
    )


def _given(user: User) -> dict[str, str]:
    """The attributes that were sent; that an address is not verified is Cognito's own note."""
    return {
        name: value
        for name, value in user.attributes.items()
        if name != "sub" and not (name.endswith("_verified") and value == "false")
    }


def post_confirmation(
    triggers: Triggers,
    pool: Pool,
    user: User,
    event: Confirmation,
    client_metadata: dict[str, str] | None,
) -> None:
    """Say that a user is confirmed.

    If the function fails, so does the request; but the user stays confirmed, and it is not called again.
    """
    triggers.fire(
        Call(
            pool=pool,
            trigger="PostConfirmation",
            source=f"PostConfirmation_{event.occasion}",
            username=user.username,
            client_id=event.client_id,
            request={"userAttributes": user_attributes(user), **metadata(client_metadata)},
            response={},
        )
    )
