"""PreTokenGeneration: change tokens before they are signed.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolchain.local.cognito.pool import Client, Group, Pool
from toolchain.local.cognito.triggers.attributes import metadata, user_attributes
from toolchain.local.cognito.triggers.calling import Call, Triggers
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups and roles that go into the tokens."""

    names: Sequence[str] = ()
    roles: Sequence[str] = ()
    preferred_role: str | None = None

    @classmethod
    def of(cls, groups: Sequence[Group]) -> "Groups":
        """Groups in order of precedence: the first role is the preferred one."""
        roles = [group.role_arn for group in groups if group.role_arn]
        return cls([group.name for group in groups], roles, roles[0] if roles else None)


@dataclass(frozen=True, slots=True)
class Changes:
    """What the function wants changed in a token."""

    claims: Mapping[str, Any] = field(default_factory=dict)
    suppressed: Sequence[str] = ()
    scopes: Sequence[str] = ()
    suppressed_scopes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Overrides:
    groups: Groups
    id_token: Changes = Changes()
    access_token: Changes = Changes()


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why tokens are made. `user` is None when a program gets a token for itself."""

    pool: Pool
    client: Client
    user: User | None
    source: str
    scopes: tuple[str, ...]
    client_metadata: dict[str, str] | None = None


def pre_token_generation(triggers: Triggers, occasion: Occasion, groups: Groups) -> Overrides:
    """What goes into the tokens. Version V1_0 changes the ID token only."""
    is_first_version = _version(occasion.pool) == "1"
    if occasion.user is None and _version(occasion.pool) != "3":
        return Overrides(groups)  # tokens of programs are the business of version V3_0 alone
    key = "claimsOverrideDetails" if is_first_version else "claimsAndScopeOverrideDetails"
    user = occasion.user
    response = triggers.fire(
        Call(
            pool=occasion.pool,
            trigger="PreTokenGeneration",
            source=f"TokenGeneration_{occasion.source}",
            username=user.username if user else occasion.client.id,
            client_id=occasion.client.id,
            request={
                "userAttributes": user_attributes(user) if user else {},
                "groupConfiguration": {
                    "groupsToOverride": list(groups.names),
                    "iamRolesToOverride": list(groups.roles),
                    "preferredRole": groups.preferred_role,
                },
                **metadata(occasion.client_metadata),
                **({} if is_first_version else {"scopes": list(occasion.scopes)}),
            },
            response={key: None},
        )
    )
    details = (response or {}).get(key) or {}
    if is_first_version:
        return Overrides(_groups(details, groups), id_token=_changes(details))
    return Overrides(
        _groups(details, groups),
        id_token=_changes(details.get("idTokenGeneration") or {}),
        access_token=_changes(details.get("accessTokenGeneration") or {}),
    )


def _version(pool: Pool) -> str:
    settings = pool.triggers.get("PreTokenGenerationConfig") or {}
    return str(settings.get("LambdaVersion", "V1_0"))[1]


def _groups(details: Mapping[str, Any], groups: Groups) -> Groups:
    """The function's groups replace the user's, where it gives any: also by none."""
    given = details.get("groupOverrideDetails")
    if given is None:
        return groups
    return Groups(
        given.get("groupsToOverride") or (),
        given.get("iamRolesToOverride") or (),
        given.get("preferredRole"),
    )


def _changes(details: Mapping[str, Any]) -> Changes:
    return Changes(
        claims=details.get("claimsToAddOrOverride") or {},
        suppressed=details.get("claimsToSuppress") or (),
        scopes=details.get("scopesToAdd") or (),
        suppressed_scopes=details.get("scopesToSuppress") or (),
    )
