"""Lambda triggers of the user pool.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from toolchain.manifest.fields import Model, Omittable

type PoolTrigger = Literal[
    "PreSignUp",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "PreTokenGeneration",
    "CustomMessage",
    "UserMigration",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
    "CustomSMSSender",
    "CustomEmailSender",
]
type EventVersion = Literal["V1_0", "V2_0", "V3_0"]


class CognitoTrigger(Model):
    """The user pool calls the function and waits up to 5 seconds for its answer."""

    kind: ClassVar[Literal["cognito"]] = "cognito"

    trigger: PoolTrigger = Field(description="The name the trigger has in the user pool's LambdaConfig.")
    version: Omittable[EventVersion] = Field(
        default=None,
        description="PreTokenGeneration only: V1_0 (default) for ID tokens, V2_0 and V3_0 for access tokens.",
    )

    @model_validator(mode="before")
    @classmethod
    def _complete_version(cls, values: object) -> object:
        """PreTokenGeneration has a version, the others have none."""
        if isinstance(values, dict) and values.get("trigger") == "PreTokenGeneration":
            return {"version": "V1_0", **values}
        return values

    @model_validator(mode="after")
    def _check_version(self) -> Self:
        if self.version and self.trigger != "PreTokenGeneration":
            raise ValueError(f"version is {self.version}; only PreTokenGeneration has versions")
        return self
