"""What a user pool sends to its Lambda triggers.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

from collections.abc import Mapping
from typing import Any

from toolchain.events import identity
from toolchain.events.cognito_parts import PARTS
from toolchain.events.occasions import OCCASIONS
from toolchain.manifest.cognito_trigger import CognitoTrigger, PoolTrigger

# The part of `triggerSource` after the underscore; the first one is what a pool without extras sends.
SOURCES: Mapping[PoolTrigger, tuple[str, ...]] = {
    "PreSignUp": ("SignUp", "AdminCreateUser", "ExternalProvider"),
    "PostConfirmation": ("ConfirmSignUp", "ConfirmForgotPassword"),
    "PreAuthentication": ("Authentication",),
    "PostAuthentication": ("Authentication",),
    "PreTokenGeneration": (
        "Authentication",
        "HostedAuth",
        "NewPasswordChallenge",
        "AuthenticateDevice",
        "RefreshTokens",
    ),
    "CustomMessage": OCCASIONS,
    "UserMigration": ("Authentication", "ForgotPassword"),
    "DefineAuthChallenge": ("Authentication",),
    "CreateAuthChallenge": ("Authentication",),
    "VerifyAuthChallengeResponse": ("Authentication",),
    "CustomSMSSender": OCCASIONS,
    "CustomEmailSender": (*OCCASIONS, "AccountTakeOverNotification"),
}
_VERSION_3_SOURCES = ("ClientCredentials",)


def sources(trigger: CognitoTrigger) -> tuple[str, ...]:
    """Every `triggerSource` the trigger is called with.

    >>> sources(CognitoTrigger(trigger="PostConfirmation"))
    ('PostConfirmation_ConfirmSignUp', 'PostConfirmation_ConfirmForgotPassword')
    """
    prefix = "TokenGeneration" if trigger.trigger == "PreTokenGeneration" else trigger.trigger
    suffixes = SOURCES[trigger.trigger] + (_VERSION_3_SOURCES if trigger.version == "V3_0" else ())
    return tuple(f"{prefix}_{suffix}" for suffix in suffixes)


def cognito_event(trigger: CognitoTrigger, source: str | None = None) -> dict[str, Any]:
    """The event for one of the trigger's sources, by default the first."""
    source = source or sources(trigger)[0]
    suffix = source.partition("_")[2]
    return {
        "version": trigger.version[1] if trigger.version else "1",
        "triggerSource": source,
        "region": identity.REGION,
        "userPoolId": identity.USER_POOL_ID,
        "userName": _user_name(trigger.trigger, suffix),
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": "CLIENT_ID_NOT_APPLICABLE" if suffix == "AdminCreateUser" else identity.CLIENT_ID,
        },
        **PARTS[trigger.trigger](suffix, trigger.version),
    }


def _user_name(trigger: PoolTrigger, suffix: str) -> str:
    """The pool signs in by e-mail: the name is the sub, except where Cognito does not know the user yet."""
    if trigger == "UserMigration":
        return identity.EMAIL
    if suffix == "ExternalProvider":
        return "Google_109876543210987654321"
    return identity.CLIENT_ID if suffix == "ClientCredentials" else identity.SUB
