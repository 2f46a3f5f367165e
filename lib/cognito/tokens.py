"""The trigger that changes tokens before they are signed: PreTokenGeneration, in its versions.

COG: user-pool-lambda-pre-token-generation. Protected claims (`sub`, `iss`, `exp` and the like) can't be
changed.
"""

from typing import Any, NotRequired, TypedDict

from lib.cognito.events import Attributes, Metadata, TriggerEvent, sources

_SOURCES = sources(
    "TokenGeneration",
    "HostedAuth",
    "Authentication",
    "NewPasswordChallenge",
    "AuthenticateDevice",
    "RefreshTokens",
)


class Groups(TypedDict, total=False):
    """The groups and roles of the user; in a response, those that replace them."""

    groupsToOverride: list[str]
    iamRolesToOverride: list[str]
    preferredRole: str | None


class PreTokenGenerationRequest(TypedDict):
    """`scopes` are those of the access token, from version V2_0 on."""

    userAttributes: Attributes
    groupConfiguration: Groups
    clientMetadata: NotRequired[Metadata | None]
    scopes: NotRequired[list[str]]


class ClaimsOverride(TypedDict, total=False):
    """Changes to the ID token."""

    claimsToAddOrOverride: dict[str, str]
    claimsToSuppress: list[str]
    groupOverrideDetails: Groups | None


class PreTokenGenerationResponse(TypedDict, total=False):
    """What version V1_0 gives back."""

    claimsOverrideDetails: ClaimsOverride | None


class PreTokenGeneration(TriggerEvent[PreTokenGenerationRequest, PreTokenGenerationResponse]):
    """Version V1_0: the ID token."""

    sources = _SOURCES


class IdTokenChanges(TypedDict, total=False):
    """From version V2_0 on, claims may be any JSON."""

    claimsToAddOrOverride: dict[str, Any]
    claimsToSuppress: list[str]


class AccessTokenChanges(IdTokenChanges, total=False):
    """An access token has scopes, too."""

    scopesToAdd: list[str]
    scopesToSuppress: list[str]


class ClaimsAndScopeOverride(TypedDict, total=False):
    """Changes to both tokens."""

    idTokenGeneration: IdTokenChanges | None
    accessTokenGeneration: AccessTokenChanges | None
    groupOverrideDetails: Groups | None


class PreTokenGenerationV2Response(TypedDict, total=False):
    """What versions V2_0 and V3_0 give back."""

    claimsAndScopeOverrideDetails: ClaimsAndScopeOverride | None


class PreTokenGenerationV2(TriggerEvent[PreTokenGenerationRequest, PreTokenGenerationV2Response]):
    """Versions V2_0 and V3_0: both tokens. They need the Essentials or Plus tier.

    ClientCredentials is V3_0's: a machine's token, of no user.
    """

    sources = _SOURCES | sources("TokenGeneration", "ClientCredentials")
