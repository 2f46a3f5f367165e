"""Triggers around the messages a pool sends: CustomMessage, CustomEmailSender, CustomSMSSender."""

from typing import NotRequired, TypedDict

from lib.cognito.events import Attributes, Metadata, NoResponse, TriggerEvent, sources

_OCCASIONS = (
    "SignUp",
    "AdminCreateUser",
    "ResendCode",
    "ForgotPassword",
    "UpdateUserAttribute",
    "VerifyUserAttribute",
    "Authentication",
)


class CustomMessageRequest(TypedDict):
    """The parameters are placeholders (`{####}`), which the message must have in it."""

    userAttributes: Attributes
    codeParameter: str | None
    linkParameter: NotRequired[str | None]
    usernameParameter: str | None
    clientMetadata: NotRequired[Metadata | None]


class CustomMessageResponse(TypedDict, total=False):
    """The texts to send; null means Cognito's own."""

    smsMessage: str | None
    emailMessage: str | None
    emailSubject: str | None


class CustomMessage(TriggerEvent[CustomMessageRequest, CustomMessageResponse]):
    """COG: user-pool-lambda-custom-message."""

    sources = sources("CustomMessage", *_OCCASIONS)


class CustomSenderRequest(TypedDict):
    """`code` is encrypted with the pool's KMS key (AWS Encryption SDK), in base64."""

    type: str
    code: str | None
    userAttributes: Attributes
    clientMetadata: NotRequired[Metadata | None]


class CustomEmailSender(TriggerEvent[CustomSenderRequest, NoResponse]):
    """COG: user-pool-lambda-custom-email-sender."""

    sources = sources("CustomEmailSender", *_OCCASIONS, "AccountTakeOverNotification")


class CustomSMSSender(TriggerEvent[CustomSenderRequest, NoResponse]):
    """COG: user-pool-lambda-custom-sms-sender."""

    sources = sources("CustomSMSSender", *_OCCASIONS)
