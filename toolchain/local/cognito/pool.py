"""A user pool and its app clients: what operations need to know of their settings.

The settings are those of CreateUserPool and CreateUserPoolClient, under AWS's names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

_DEFAULT_FLOWS = frozenset({"ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"})
# The values from before ALLOW_: with them, SRP and refreshing are always allowed.
_LEGACY_FLOWS = {
    "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY": "ALLOW_CUSTOM_AUTH",
    "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
}


@dataclass(frozen=True)
class Client:
    """An app client. `secret` is None for those that cannot keep one (browsers, phones)."""

    id: str
    secret: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def flows(self) -> frozenset[str]:
        """The sign-in flows that are allowed, in the ALLOW_ spelling.

        https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
        """
        declared = set(self.settings.get("ExplicitAuthFlows") or ())
        if not declared:
            return _DEFAULT_FLOWS
        legacy = {_LEGACY_FLOWS[flow] for flow in declared if flow in _LEGACY_FLOWS}
        if not legacy:
            return frozenset(declared)
        only_custom = "CUSTOM_AUTH_FLOW_ONLY" in declared
        return frozenset(legacy | ({"ALLOW_REFRESH_TOKEN_AUTH"} if only_custom else _DEFAULT_FLOWS))

    @property
    def hides_users(self) -> bool:
        """Whether it stays unsaid which users exist."""
        return self.settings.get("PreventUserExistenceErrors") == "ENABLED"

    @property
    def rotates_refresh_tokens(self) -> bool:
        return bool(self._rotation.get("Feature") == "ENABLED")

    @property
    def rotation_grace_seconds(self) -> int:
        """How long the last refresh token still works after its successor was given out."""
        return int(self._rotation.get("RetryGracePeriodSeconds") or 0)

    @property
    def _rotation(self) -> Mapping[str, Any]:
        return self.settings.get("RefreshTokenRotation") or {}

    @property
    def can_revoke_tokens(self) -> bool:
        return bool(self.settings.get("EnableTokenRevocation", True))

    @property
    def session_seconds(self) -> int:
        """How long a client may think about a challenge."""
        return 60 * int(self.settings.get("AuthSessionValidity") or 3)

    def may_write(self, attribute: str) -> bool:
        allowed = self.settings.get("WriteAttributes")
        return not allowed or attribute in allowed

    def may_read(self, attribute: str) -> bool:
        allowed = self.settings.get("ReadAttributes")
        return not allowed or attribute in allowed or attribute == "sub"


@dataclass(frozen=True, slots=True)
class Group:
    """A group; of several, the one with the lowest precedence gives the preferred role."""

    name: str
    role_arn: str | None = None
    precedence: int | None = None
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[bool, int, str]:
        return (self.precedence is None, self.precedence or 0, self.name)


@dataclass(frozen=True, slots=True)
class Attribute:
    """What the pool's schema says about an attribute; a custom one's name begins with `custom:`."""

    name: str
    data_type: str = "String"
    is_mutable: bool = True
    is_required: bool = False
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class Pool:
    """A user pool. `id` is `<region>_<name>`."""

    id: str
    region: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    schema: Mapping[str, Attribute] = field(default_factory=dict)
    clients: Mapping[str, Client] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    scopes: frozenset[str] = frozenset()
    """Those of the resource servers: `<identifier>/<scope>`."""
    mfa: str = "OFF"
    allows_software_tokens: bool = False

    @property
    def short_name(self) -> str:
        """The part of the id that the SRP protocol hashes."""
        return self.id.partition("_")[2]

    @property
    def issuer(self) -> str:
        """AWS's URL, on this machine too: verifiers and Terraform derive it from the pool's id."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.id}"

    @property
    def username_attributes(self) -> tuple[str, ...]:
        """`email`, `phone_number`: users sign up with one of these, and get a UUID for a username."""
        return tuple(self.settings.get("UsernameAttributes") or ())

    @property
    def alias_attributes(self) -> tuple[str, ...]:
        """Users sign up with a username, and may sign in with these once they are verified."""
        return tuple(self.settings.get("AliasAttributes") or ())

    @property
    def auto_verified_attributes(self) -> tuple[str, ...]:
        return tuple(self.settings.get("AutoVerifiedAttributes") or ())

    @property
    def is_case_sensitive(self) -> bool:
        return bool((self.settings.get("UsernameConfiguration") or {}).get("CaseSensitive", True))

    @property
    def password_policy(self) -> Mapping[str, Any]:
        return (self.settings.get("Policies") or {}).get("PasswordPolicy") or {}

    @property
    def triggers(self) -> Mapping[str, Any]:
        """LambdaConfig: the ARN of each trigger's function."""
        return self.settings.get("LambdaConfig") or {}

    @property
    def only_administrators_create_users(self) -> bool:
        admin = self.settings.get("AdminCreateUserConfig") or {}
        return bool(admin.get("AllowAdminCreateUserOnly", False))

    @property
    def verifies_before_update(self) -> tuple[str, ...]:
        """Attributes that keep their old value until the new one is verified."""
        update = self.settings.get("UserAttributeUpdateSettings") or {}
        return tuple(update.get("AttributesRequireVerificationBeforeUpdate") or ())

    def fold(self, login: str) -> str:
        """What a login name is compared by."""
        return login if self.is_case_sensitive else login.lower()


class Pools(Protocol):
    """The pools that exist; raises ResourceNotFoundError for those that do not."""

    def by_id(self, pool_id: str) -> Pool: ...

    def by_client(self, client_id: str) -> tuple[Pool, Client]: ...
