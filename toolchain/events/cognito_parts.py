"""`request` and `response` of each Lambda trigger of a user pool; the rest of the event is the same for all.

Each function takes the part of `triggerSource` after the underscore and the event's version, and has its
page of the Cognito developer guide: user-pool-lambda-<page>.html.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from toolchain.events import identity
from toolchain.manifest.cognito_trigger import EventVersion, PoolTrigger

type Parts = dict[str, Any]

_STATUS = {
    "SignUp": "UNCONFIRMED",
    "ResendCode": "UNCONFIRMED",
    "AdminCreateUser": "FORCE_CHANGE_PASSWORD",
    "NewPasswordChallenge": "FORCE_CHANGE_PASSWORD",
}
_PHONE_NUMBER = "+15555550100"


def _attributes(suffix: str) -> dict[str, str]:
    """The user's attributes at that moment; values are strings, booleans too."""
    status = _STATUS.get(suffix, "CONFIRMED")
    return {
        "sub": identity.SUB,
        "email_verified": "false" if status == "UNCONFIRMED" else "true",
        "cognito:user_status": status,
        "name": identity.NAME,
        "email": identity.EMAIL,
    }


def _pre_sign_up(suffix: str, _: EventVersion | None) -> Parts:
    """Page `pre-sign-up`. The user does not exist yet: no sub."""
    attributes = {"name": identity.NAME, "email": identity.EMAIL}
    if suffix == "AdminCreateUser":
        attributes = {"cognito:user_status": "FORCE_CHANGE_PASSWORD", **attributes}
    return {
        "request": {"userAttributes": attributes, "validationData": None},
        "response": {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
    }


def _post_confirmation(suffix: str, _: EventVersion | None) -> Parts:
    """Page `post-confirmation`."""
    return {"request": {"userAttributes": _attributes(suffix)}, "response": {}}


def _pre_authentication(suffix: str, _: EventVersion | None) -> Parts:
    """Page `pre-authentication`."""
    return {
        "request": {
            "userAttributes": _attributes(suffix),
            "validationData": {},
            "userNotFound": False,
        },
        "response": {},
    }


def _post_authentication(suffix: str, _: EventVersion | None) -> Parts:
    """Page `post-authentication`."""
    return {"request": {"userAttributes": _attributes(suffix), "newDeviceUsed": False}, "response": {}}


def _pre_token_generation(suffix: str, version: EventVersion | None) -> Parts:
    """Page `pre-token-generation`. Client credentials are those of a program: there is no user."""
    is_program = suffix == "ClientCredentials"
    request: Parts = {
        "userAttributes": {} if is_program else _attributes(suffix),
        "groupConfiguration": {"groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": None},
    }
    if version == "V1_0":
        return {"request": request, "response": {"claimsOverrideDetails": None}}
    request["scopes"] = ["things/read"] if is_program else ["aws.cognito.signin.user.admin"]
    return {"request": request, "response": {"claimsAndScopeOverrideDetails": None}}


def _custom_message(suffix: str, _: EventVersion | None) -> Parts:
    """Page `custom-message`. The parameters stand in the message for what Cognito puts there."""
    return {
        "request": {
            "userAttributes": _attributes(suffix),
            "codeParameter": "{####}",
            "linkParameter": "{##Click Here##}",
            "usernameParameter": "{username}" if suffix == "AdminCreateUser" else None,
        },
        "response": {"smsMessage": None, "emailMessage": None, "emailSubject": None},
    }


def _user_migration(suffix: str, _: EventVersion | None) -> Parts:
    """Page `migrate-user`. The password is what the user typed; there is none when it was forgotten."""
    typed = {"password": "correct horse battery staple"} if suffix == "Authentication" else {}
    return {
        "request": {**typed, "validationData": None},
        "response": {
            "userAttributes": None,
            "forceAliasCreation": None,
            "enableSMSMFA": None,
            "finalUserStatus": None,
            "messageAction": None,
            "desiredDeliveryMediums": None,
        },
    }


def _define_auth_challenge(suffix: str, _: EventVersion | None) -> Parts:
    """Page `define-auth-challenge`."""
    return {
        "request": {"userAttributes": _attributes(suffix), "session": [_first_challenge()]},
        "response": {"challengeName": None, "issueTokens": None, "failAuthentication": None},
    }


def _create_auth_challenge(suffix: str, _: EventVersion | None) -> Parts:
    """Page `create-auth-challenge`."""
    return {
        "request": {
            "userAttributes": _attributes(suffix),
            "challengeName": "CUSTOM_CHALLENGE",
            "session": [_first_challenge()],
        },
        "response": {
            "publicChallengeParameters": None,
            "privateChallengeParameters": None,
            "challengeMetadata": None,
        },
    }


def _verify_auth_challenge_response(suffix: str, _: EventVersion | None) -> Parts:
    """Page `verify-auth-challenge-response`."""
    return {
        "request": {
            "userAttributes": _attributes(suffix),
            "privateChallengeParameters": {"answer": "5"},
            "challengeAnswer": "5",
        },
        "response": {"answerCorrect": None},
    }


def _first_challenge() -> Parts:
    """A custom flow that starts with the password: the SRP exchange is its first challenge."""
    return {"challengeName": "SRP_A", "challengeResult": True, "challengeMetadata": None}


def _custom_sms_sender(suffix: str, _: EventVersion | None) -> Parts:
    """Page `custom-sms-sender`. No response: Cognito only waits for the message to be sent."""
    attributes = {**_attributes(suffix), "phone_number_verified": "true", "phone_number": _PHONE_NUMBER}
    return {"request": _sender_request("customSMSSenderRequestV1", attributes)}


def _custom_email_sender(suffix: str, _: EventVersion | None) -> Parts:
    """Page `custom-email-sender`. No response, as above."""
    return {"request": _sender_request("customEmailSenderRequestV1", _attributes(suffix))}


def _sender_request(request_type: str, attributes: dict[str, str]) -> Parts:
    """`code` is encrypted for the pool's KMS key, which no sample can be."""
    code = base64.b64encode(b"a message of the AWS Encryption SDK, encrypted for the pool's key").decode()
    return {"type": request_type, "code": code, "clientMetadata": None, "userAttributes": attributes}


PARTS: Mapping[PoolTrigger, Callable[[str, EventVersion | None], Parts]] = {
    "PreSignUp": _pre_sign_up,
    "PostConfirmation": _post_confirmation,
    "PreAuthentication": _pre_authentication,
    "PostAuthentication": _post_authentication,
    "PreTokenGeneration": _pre_token_generation,
    "CustomMessage": _custom_message,
    "UserMigration": _user_migration,
    "DefineAuthChallenge": _define_auth_challenge,
    "CreateAuthChallenge": _create_auth_challenge,
    "VerifyAuthChallengeResponse": _verify_auth_challenge_response,
    "CustomSMSSender": _custom_sms_sender,
    "CustomEmailSender": _custom_email_sender,
}
