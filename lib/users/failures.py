"""What can be wrong with users.

UserError                  root
├── UserNotFoundError      there is no such user, or it is marked deleted
├── UserDeletedError       the user is marked deleted, so it is not made again
├── InvalidUserError       a field can't be what is asked for
└── InvalidCursorError     the cursor is not one of list_users
"""

from collections.abc import Iterable
from typing import NamedTuple


class UserError(Exception):
    """Root of these errors."""


class UserNotFoundError(UserError):
    """There is no such user, or it is marked deleted."""


class UserDeletedError(UserError):
    """The user is marked deleted, and is not made again before it is purged."""


class FieldProblem(NamedTuple):
    """What is wrong with a field, without its value: `name`, `is longer than 2048 characters`."""

    field: str
    rule: str

    def __str__(self) -> str:
        return f"{self.field} {self.rule}"


class InvalidUserError(UserError):
    """Fields can't be what is asked for; `problems` has one for each."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class InvalidCursorError(UserError):
    """The cursor is not one of list_users."""
