"""The users: a row for each user of the Cognito pool, keyed on the pool's `sub`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict

from lib.database import Database


@dataclass(frozen=True, slots=True)
class User:
    """A row. Times are aware, in UTC. E-mail is absent when only an access token told of the user."""

    sub: str
    email: str | None
    name: str | None
    locale: str | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class Creation(NamedTuple):
    """The row, and whether this call made it."""

    user: User
    created: bool


class UserChanges(TypedDict, total=False):
    """The fields a user may change; absent means unchanged, None means removed."""

    name: str | None
    locale: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some users, and the cursor that continues after them (None at the end)."""

    users: tuple[User, ...]
    next_cursor: str | None


class UserError(Exception):
    """Root of this module's errors."""


class UserNotFoundError(UserError):
    """There is no such user."""


class UserDeletedError(UserError):
    """The user has been marked deleted, and is not made again before it is purged: answer 403."""


class InvalidUserError(UserError):
    """A field is too long, or no sub; `problems` has a line each."""

    problems: tuple[str, ...]


class InvalidCursorError(UserError):
    """The cursor was not made by `list_users`: answer 400."""


def create_user(database: Database, *, sub: str, email: str | None, name: str | None, now: datetime) -> Creation:
    """Make the row, or find it. Never changes another row. For PostConfirmation; idempotent.

    A row that is there stays as it is, except that an e-mail or a name it lacks is filled in.
    """
    raise NotImplementedError


def get_or_create(database: Database, claims: Mapping[str, object], *, now: datetime) -> User:
    """The user of verified claims; made if the trigger failed. E-mail is taken only when `email_verified`.

    Raises UserDeletedError.
    """
    raise NotImplementedError


def get_user(database: Database, sub: str) -> User:
    """Raises UserNotFoundError; a user marked deleted is not found."""
    raise NotImplementedError


def update_user(database: Database, sub: str, changes: UserChanges, *, now: datetime) -> User:
    """Change only the given fields (`model_dump(exclude_unset=True)`). Raises UserNotFoundError, InvalidUserError."""
    raise NotImplementedError


def mark_deleted(database: Database, sub: str, *, now: datetime) -> None:
    """Mark the user deleted; doing it again keeps the first time. Raises UserNotFoundError."""
    raise NotImplementedError


def list_users(
    database: Database, *, limit: int = 50, cursor: str | None = None, email_prefix: str | None = None
) -> Page:
    """Users that aren't deleted, newest first. `limit` is 1 to 200. Raises InvalidCursorError."""
    raise NotImplementedError


def purge_deleted(database: Database, *, older_than: timedelta, now: datetime, batch_size: int = 500) -> int:
    """Remove the rows marked deleted before `now - older_than`, in batches; return how many."""
    raise NotImplementedError
