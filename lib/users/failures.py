"""What can be wrong with users.

UserError                  root
├── UserNotFoundError      there is no such user, or it is marked deleted
├── UserDeletedError       the user is marked deleted, so it is not made again
├── InvalidUserError       a field can't be what is asked for
└── InvalidCursorError     the cursor is not one of list_users
"""

from collections.abc import Iterable


class UserError(Exception):
    """Root of these errors."""


class UserNotFoundError(UserError):
    """There is no such user, or it is marked deleted."""


class UserDeletedError(UserError):
    """The user is marked deleted, and is not made again before it is purged."""


class InvalidUserError(UserError):
    """A field can't be what is asked for; `problems` has a line for each, without its value."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(self.problems))


class InvalidCursorError(UserError):
    """The cursor is not one of list_users."""
