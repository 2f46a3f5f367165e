"""Triggers around signing in, the three of custom challenges among them."""

from typing import NotRequired, TypedDict

from lib.cognito.events import Attributes, Metadata, NoResponse, TriggerEvent, sources


class PreAuthenticationRequest(TypedDict):
    """`userNotFound` is there when the app client hides which users exist."""

    userAttributes: Attributes
    validationData: NotRequired[Metadata | None]
    userNotFound: NotRequired[bool]


class PreAuthentication(TriggerEvent[PreAuthenticationRequest, NoResponse]):
    """COG: user-pool-lambda-pre-authentication."""

    sources = sources("PreAuthentication", "Authentication")


class PostAuthenticationRequest(TypedDict):
    """`newDeviceUsed` is there when the pool remembers devices."""

    userAttributes: Attributes
    newDeviceUsed: NotRequired[bool]
    clientMetadata: NotRequired[Metadata | None]


class PostAuthentication(TriggerEvent[PostAuthenticationRequest, NoResponse]):
    """COG: user-pool-lambda-post-authentication."""

    sources = sources("PostAuthentication", "Authentication")


class ChallengeResult(TypedDict):
    """A challenge of this session, oldest first; SRP_A and PASSWORD_VERIFIER are among the names."""

    challengeName: str
    challengeResult: bool
    challengeMetadata: NotRequired[str | None]


class DefineAuthChallengeRequest(TypedDict):
    """`session` is empty at the beginning."""

    userAttributes: Attributes
    session: list[ChallengeResult]
    clientMetadata: NotRequired[Metadata | None]
    userNotFound: NotRequired[bool]


class DefineAuthChallengeResponse(TypedDict, total=False):
    """The next challenge, or the end of it: tokens or failure."""

    challengeName: str | None
    issueTokens: bool | None
    failAuthentication: bool | None


class DefineAuthChallenge(TriggerEvent[DefineAuthChallengeRequest, DefineAuthChallengeResponse]):
    """COG: user-pool-lambda-define-auth-challenge."""

    sources = sources("DefineAuthChallenge", "Authentication")


class CreateAuthChallengeRequest(DefineAuthChallengeRequest):
    """What DefineAuthChallenge got, and the challenge it chose."""

    challengeName: str


class CreateAuthChallengeResponse(TypedDict, total=False):
    """`privateChallengeParameters` never leave the pool: they are for VerifyAuthChallengeResponse."""

    publicChallengeParameters: dict[str, str] | None
    privateChallengeParameters: dict[str, str] | None
    challengeMetadata: str | None


class CreateAuthChallenge(TriggerEvent[CreateAuthChallengeRequest, CreateAuthChallengeResponse]):
    """COG: user-pool-lambda-create-auth-challenge."""

    sources = sources("CreateAuthChallenge", "Authentication")


class VerifyAuthChallengeRequest(TypedDict):
    """The answer, and what CreateAuthChallenge kept to check it with."""

    userAttributes: Attributes
    privateChallengeParameters: dict[str, str]
    challengeAnswer: str
    clientMetadata: NotRequired[Metadata | None]
    userNotFound: NotRequired[bool]


class VerifyAuthChallengeResult(TypedDict, total=False):
    """Whether the answer is right."""

    answerCorrect: bool | None


class VerifyAuthChallengeResponse(TriggerEvent[VerifyAuthChallengeRequest, VerifyAuthChallengeResult]):
    """COG: user-pool-lambda-verify-auth-challenge-response."""

    sources = sources("VerifyAuthChallengeResponse", "Authentication")
