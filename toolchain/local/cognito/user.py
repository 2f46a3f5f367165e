"""A user of a pool."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.srp import Verifier

type Status = Literal["UNCONFIRMED", "CONFIRMED", "FORCE_CHANGE_PASSWORD", "RESET_REQUIRED"]
VERIFIABLE = ("email", "phone_number")


@dataclass(frozen=True, slots=True)
class SoftwareToken:
    """An authenticator app. `last_step` is the time step of the last code, which is not taken twice."""

    secret: str
    is_verified: bool = False
    name: str = ""
    last_step: int = 0


@dataclass(frozen=True, slots=True)
class User:
    """`username` never changes; it is the sub in pools whose users sign up with an e-mail or a number.

    `attributes` has sub, and values as strings. `password` is None for those who have none yet.
    """

    pool_id: str
    username: str
    status: Status
    attributes: Mapping[str, str]
    created_at: float
    modified_at: float
    password: Verifier | None = None
    password_set_at: float = 0.0
    is_enabled: bool = True
    software_token: SoftwareToken | None = None
    uses_software_token: bool = False
    prefers_software_token: bool = False
    pending: Mapping[str, str] = field(default_factory=dict)
    """Attributes whose new values wait for their verification."""

    @property
    def sub(self) -> str:
        return self.attributes["sub"]

    def is_verified(self, attribute: str) -> bool:
        return self.attributes.get(f"{attribute}_verified") == "true"

    def with_attributes(self, changes: Mapping[str, str], now: float) -> "User":
        """An empty value removes the attribute, as on AWS."""
        merged = {**self.attributes, **changes}
        kept = {name: value for name, value in merged.items() if value != ""}
        return replace(self, attributes=kept, modified_at=now)

    def without_attributes(self, names: list[str], now: float) -> "User":
        kept = {name: value for name, value in self.attributes.items() if name not in names}
        return replace(self, attributes=kept, modified_at=now)

    def with_password(self, password: Verifier, status: Status, now: float) -> "User":
        return replace(self, password=password, password_set_at=now, status=status, modified_at=now)

    def with_status(self, status: Status, now: float) -> "User":
        return replace(self, status=status, modified_at=now)


def logins(pool: Pool, user: User) -> dict[str, str]:
    """The names the user can sign in with, and the attribute each comes from.

    Aliases count once they are verified: anybody can claim somebody else's e-mail at sign-up.
    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html#user-pool-settings-aliases
    """
    found = {pool.fold(user.username): "username"}
    for name in pool.username_attributes:
        if value := user.attributes.get(name):
            found[pool.fold(value)] = name
    for name in pool.alias_attributes:
        is_ready = user.status == "CONFIRMED" if name == "preferred_username" else user.is_verified(name)
        if is_ready and (value := user.attributes.get(name)):
            found.setdefault(pool.fold(value), name)
    return found


def describe(user: User, attributes_key: str = "Attributes") -> Document:
    """The user as AdminGetUser and ListUsers show it."""
    return {
        "Username": user.username,
        attributes_key: attribute_list(user.attributes),
        "UserCreateDate": user.created_at,
        "UserLastModifiedDate": user.modified_at,
        "Enabled": user.is_enabled,
        "UserStatus": user.status,
    }


def mfa_settings(user: User) -> Document:
    """What AdminGetUser and GetUser add about second factors; absent things are absent."""
    settings: Document = {}
    if user.prefers_software_token:
        settings["PreferredMfaSetting"] = "SOFTWARE_TOKEN_MFA"
    if user.uses_software_token:
        settings["UserMFASettingList"] = ["SOFTWARE_TOKEN_MFA"]
    return settings


def attribute_list(attributes: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def dump(user: User) -> str:
    """The user as text for the store. Integers are hexadecimal: a verifier is larger than JSON likes."""
    document = asdict(user)
    if user.password:
        document["password"] = {"salt": f"{user.password.salt:x}", "value": f"{user.password.value:x}"}
    return json.dumps(document, separators=(",", ":"))


def load(text: str) -> User:
    """The reverse of dump."""
    document = json.loads(text)
    if password := document["password"]:
        document["password"] = Verifier(int(password["salt"], 16), int(password["value"], 16))
    if token := document["software_token"]:
        document["software_token"] = SoftwareToken(**token)
    return User(**document)
