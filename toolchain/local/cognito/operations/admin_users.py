"""AdminGetUser, AdminDeleteUser, AdminDisableUser, AdminEnableUser, AdminUserGlobalSignOut.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
"""

from dataclasses import dataclass, replace

from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.pool import Pool, Pools
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.sign_ins import SignIns
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.user import User, describe, mfa_settings


@dataclass(frozen=True, slots=True)
class NamedUser:
    """The user that UserPoolId and Username name."""

    pools: Pools
    users: Users

    def find(self, request: Request) -> tuple[Pool, User]:
        pool = self.pools.by_id(request.text("UserPoolId"))
        return pool, self.users.get_for_administrator(pool, request.text("Username"))


@dataclass(frozen=True, slots=True)
class AdminGetUser:
    named: NamedUser

    def __call__(self, request: Request) -> Document:
        _, user = self.named.find(request)
        return {**describe(user, "UserAttributes"), **mfa_settings(user)}


@dataclass(frozen=True, slots=True)
class AdminDeleteUser:
    named: NamedUser
    users: Users

    def __call__(self, request: Request) -> Document:
        pool, user = self.named.find(request)
        self.users.delete(pool, user.username)
        return {}


@dataclass(frozen=True, slots=True)
class AdminSwitchUser:
    """AdminDisableUser and AdminEnableUser; disabling ends the user's sign-ins."""

    named: NamedUser
    users: Users
    sign_ins: SignIns
    clock: Clock
    enable: bool

    def __call__(self, request: Request) -> Document:
        pool, user = self.named.find(request)
        now = self.clock()
        self.users.update(
            pool, user.username, lambda user: replace(user, is_enabled=self.enable, modified_at=now)
        )
        if not self.enable:
            self.sign_ins.revoke_all(user)
        return {}


@dataclass(frozen=True, slots=True)
class AdminUserGlobalSignOut:
    named: NamedUser
    sign_ins: SignIns

    def __call__(self, request: Request) -> Document:
        _, user = self.named.find(request)
        self.sign_ins.revoke_all(user)
        return {}
