"""The users: a row for each user of the Cognito pool, keyed on the pool's `sub`.

An e-mail does not identify a user, so it is not unique here. Whether two users may share one is for the pool
to decide, which also lets an address move from one user to another, and knows which of them has confirmed
it. If this table insisted, whoever signs up with somebody else's address could keep them out, or be taken
for them; and those who deleted their account could not come back before it is purged.

All functions can be repeated: a call that is made twice leaves what one call leaves.
"""

from lib.users.changes import UserChanges, mark_deleted, update_user
from lib.users.creation import Creation, create_user, get_or_create, verified_email
from lib.users.failures import (
    FieldProblem,
    InvalidCursorError,
    InvalidUserError,
    UserDeletedError,
    UserError,
    UserNotFoundError,
)
from lib.users.listing import Page, list_users
from lib.users.purge import purge_deleted
from lib.users.user import User, get_user

__all__ = [
    "Creation",
    "FieldProblem",
    "InvalidCursorError",
    "InvalidUserError",
    "Page",
    "User",
    "UserChanges",
    "UserDeletedError",
    "UserError",
    "UserNotFoundError",
    "create_user",
    "get_or_create",
    "get_user",
    "list_users",
    "mark_deleted",
    "purge_deleted",
    "update_user",
    "verified_email",
]
