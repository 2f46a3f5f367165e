"""Triggers around the making of a user: PreSignUp, PostConfirmation, UserMigration."""

from typing import Literal, NotRequired, TypedDict

from lib.cognito.events import Attributes, Metadata, NoResponse, TriggerEvent, sources


class PreSignUpRequest(TypedDict):
    """`userAttributes` has no `sub` yet."""

    userAttributes: Attributes
    validationData: NotRequired[Metadata | None]
    clientMetadata: NotRequired[Metadata | None]


class PreSignUpResponse(TypedDict, total=False):
    """Cognito ignores it for users that an administrator makes."""

    autoConfirmUser: bool
    autoVerifyEmail: bool
    autoVerifyPhone: bool


class PreSignUp(TriggerEvent[PreSignUpRequest, PreSignUpResponse]):
    """COG: user-pool-lambda-pre-sign-up."""

    sources = sources("PreSignUp", "SignUp", "AdminCreateUser", "ExternalProvider")


class PostConfirmationRequest(TypedDict):
    """The attributes of the confirmed user, `sub` among them."""

    userAttributes: Attributes
    clientMetadata: NotRequired[Metadata | None]


class PostConfirmation(TriggerEvent[PostConfirmationRequest, NoResponse]):
    """COG: user-pool-lambda-post-confirmation.

    ConfirmSignUp: somebody signed up, or an administrator confirmed it (AdminConfirmSignUp).
    ConfirmForgotPassword: somebody who has long been a user chose a new password.
    """

    sources = sources("PostConfirmation", "ConfirmSignUp", "ConfirmForgotPassword")


class UserMigrationRequest(TypedDict):
    """There are no attributes yet; `password` is what the user typed (absent for ForgotPassword)."""

    password: NotRequired[str]
    validationData: NotRequired[Metadata | None]
    clientMetadata: NotRequired[Metadata | None]


class UserMigrationResponse(TypedDict, total=False):
    """The user to make. Without `finalUserStatus` CONFIRMED, the user has to reset the password."""

    userAttributes: Attributes
    finalUserStatus: Literal["CONFIRMED", "RESET_REQUIRED"]
    messageAction: Literal["SUPPRESS"]
    desiredDeliveryMediums: list[Literal["EMAIL", "SMS"]]
    forceAliasCreation: bool
    enableSMSMFA: bool


class UserMigration(TriggerEvent[UserMigrationRequest, UserMigrationResponse]):
    """COG: user-pool-lambda-migrate-user."""

    sources = sources("UserMigration", "Authentication", "ForgotPassword")
