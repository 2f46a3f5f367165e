"""AdminUpdateUserAttributes and AdminDeleteUserAttributes.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html
"""

from dataclasses import dataclass

from toolchain.local.cognito.attributes import check_known
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.operations.admin_users import NamedUser
from toolchain.local.cognito.operations.own_attributes import removed
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.updating import Updating


@dataclass(frozen=True, slots=True)
class AdminUpdateUserAttributes:
    """An administrator may also say that an address is verified; otherwise a code is sent to it."""

    named: NamedUser
    updating: Updating

    def __call__(self, request: Request) -> Document:
        pool, user = self.named.find(request)
        requester = (None, request.optional_mapping("ClientMetadata"))
        self.updating.update(pool, user, request.attributes("UserAttributes"), requester)
        return {}


@dataclass(frozen=True, slots=True)
class AdminDeleteUserAttributes:
    named: NamedUser
    users: Users
    clock: Clock

    def __call__(self, request: Request) -> Document:
        pool, user = self.named.find(request)
        names = request.texts("UserAttributeNames")
        check_known(pool, names)
        now = self.clock()
        self.users.update(pool, user.username, lambda user: user.without_attributes(removed(names), now))
        return {}
