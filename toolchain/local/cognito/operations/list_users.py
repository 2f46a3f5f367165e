"""ListUsers.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from toolchain.local.cognito.errors import InvalidParameterError
from toolchain.local.cognito.pool import Pools
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.user import User, describe

_FILTER = re.compile(r'\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')
_SEARCHABLE = (
    *("username", "email", "phone_number", "name", "given_name", "family_name"),
    *("preferred_username", "cognito:user_status", "status", "sub"),
)
_PAGE = 60

type Matches = Callable[[User], bool]


@dataclass(frozen=True, slots=True)
class ListUsers:
    """Pages are by username; a token is the last username of the page before."""

    pools: Pools
    users: Users

    def __call__(self, request: Request) -> Document:
        pool = self.pools.by_id(request.text("UserPoolId"))
        limit = request.limit("Limit", _PAGE)
        after, text = request.optional_text("PaginationToken") or "", request.optional_text("Filter") or ""
        if text.strip():
            found = list(filter(parse_filter(text), self.users.all(pool, after)))
        else:
            found = self.users.page(pool, after, limit + 1)
        names = request.texts("AttributesToGet") if request.members.get("AttributesToGet") else None
        answer: Document = {"Users": [_describe(user, names) for user in found[:limit]]}
        if len(found) > limit:
            answer["PaginationToken"] = found[limit - 1].username
        return answer


def parse_filter(text: str) -> Matches:
    """A filter such as `email ^= "ada"` as a function; raises InvalidParameterError."""
    match = _FILTER.fullmatch(text)
    if match is None:
        raise InvalidParameterError("Error while parsing filter")
    name, operator, value = match.groups()
    if name not in _SEARCHABLE:
        raise InvalidParameterError(f"Invalid search attribute: {name}")
    value = re.sub(r"\\(.)", r"\1", value)
    if name == "cognito:user_status":  # "case-insensitive"
        value = value.upper()
    if operator == "=":
        return lambda user: _value(user, name) == value
    return lambda user: (_value(user, name) or "").startswith(value)


def _value(user: User, name: str) -> str | None:
    match name:
        case "username":
            return user.username
        case "cognito:user_status":
            return user.status
        case "status":
            return "Enabled" if user.is_enabled else "Disabled"
        case _:
            return user.attributes.get(name)


def _describe(user: User, names: list[str] | None) -> Document:
    document = describe(user)
    if names is not None:
        document["Attributes"] = [item for item in document["Attributes"] if item["Name"] in names]
    return document
