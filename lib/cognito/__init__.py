"""Lambda triggers of a Cognito user pool, typed.

    from lib import cognito

    @cognito.trigger(cognito.PostConfirmation, "PostConfirmation_ConfirmSignUp")
    def handler(event: cognito.PostConfirmation, database: Database = DATABASE) -> None:
        create_user(database, sub=event.request["userAttributes"]["sub"])

Cognito waits 5 seconds, then may try again, and does not stop the first attempt: give the function a
timeout of 4 seconds, and let it do the same thing twice without harm
(COG: cognito-user-pools-working-with-lambda-triggers).
"""

from lib.cognito.authentication import (
    CreateAuthChallenge,
    DefineAuthChallenge,
    PostAuthentication,
    PreAuthentication,
    VerifyAuthChallengeResponse,
)
from lib.cognito.events import TriggerEvent
from lib.cognito.messages import CustomEmailSender, CustomMessage, CustomSMSSender
from lib.cognito.sign_up import PostConfirmation, PreSignUp, UserMigration
from lib.cognito.tokens import PreTokenGeneration, PreTokenGenerationV2
from lib.cognito.trigger import ChangeError, FailedError, RefusedError, TriggerError, trigger

__all__ = [
    "ChangeError",
    "CreateAuthChallenge",
    "CustomEmailSender",
    "CustomMessage",
    "CustomSMSSender",
    "DefineAuthChallenge",
    "FailedError",
    "PostAuthentication",
    "PostConfirmation",
    "PreAuthentication",
    "PreSignUp",
    "PreTokenGeneration",
    "PreTokenGenerationV2",
    "RefusedError",
    "TriggerError",
    "TriggerEvent",
    "UserMigration",
    "VerifyAuthChallengeResponse",
    "trigger",
]
