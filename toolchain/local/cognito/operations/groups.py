"""Who is in a group: AdminAddUserToGroup and its kin. The groups themselves are moto's.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html
"""

from dataclasses import dataclass

from toolchain.local.cognito.errors import ResourceNotFoundError
from toolchain.local.cognito.operations.admin_users import NamedUser
from toolchain.local.cognito.pool import Pool, Pools
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.memberships import Memberships
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.user import describe

_PAGE = 60


@dataclass(frozen=True, slots=True)
class AdminAddUserToGroup:
    named: NamedUser
    memberships: Memberships

    def __call__(self, request: Request) -> Document:
        pool, user = self.named.find(request)
        self.memberships.add(pool, _group(pool, request), user.username)
        return {}


@dataclass(frozen=True, slots=True)
class AdminRemoveUserFromGroup:
    named: NamedUser
    memberships: Memberships

    def __call__(self, request: Request) -> Document:
        pool, user = self.named.find(request)
        self.memberships.remove(pool, _group(pool, request), user.username)
        return {}


@dataclass(frozen=True, slots=True)
class AdminListGroupsForUser:
    named: NamedUser
    memberships: Memberships

    def __call__(self, request: Request) -> Document:
        pool, user = self.named.find(request)
        limit = request.limit("Limit", _PAGE)
        after = request.optional_text("NextToken") or ""
        groups = sorted(self.memberships.of_user(pool, user.username), key=lambda group: group.name)
        page = [group for group in groups if group.name > after]
        answer: Document = {"Groups": [dict(group.document) for group in page[:limit]]}
        if len(page) > limit:
            answer["NextToken"] = page[limit - 1].name
        return answer


@dataclass(frozen=True, slots=True)
class ListUsersInGroup:
    pools: Pools
    users: Users
    memberships: Memberships

    def __call__(self, request: Request) -> Document:
        pool = self.pools.by_id(request.text("UserPoolId"))
        limit = request.limit("Limit", _PAGE)
        after = request.optional_text("NextToken") or ""
        names = self.memberships.usernames(pool, _group(pool, request), after, limit + 1)
        found = [self.users.find(pool, name) for name in names[:limit]]
        answer: Document = {"Users": [describe(user) for user in found if user]}
        if len(names) > limit:
            answer["NextToken"] = names[limit - 1]
        return answer


def _group(pool: Pool, request: Request) -> str:
    name = request.text("GroupName")
    if name not in pool.groups:
        raise ResourceNotFoundError("Group not found.")
    return name
