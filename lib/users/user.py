"""A user, and its row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lib.database import Database, Transaction
from lib.users.failures import UserNotFoundError

_SELECT = """
SELECT sub, email, name, locale, created_at, updated_at, deleted_at
FROM users WHERE sub = %s
"""


@dataclass(frozen=True, slots=True)
class User:
    """A row. Times are aware, in UTC.

    `email` is None when only an access token told of the user: Cognito puts no e-mail into it.
    """

    sub: str
    email: str | None
    name: str | None
    locale: str | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None


def get_user(database: Database, sub: str) -> User:
    """The user. Raises UserNotFoundError, also for one that is marked deleted."""
    user = database.run(lambda transaction: find(transaction, sub), idempotent=True)
    if user is None or user.is_deleted:
        raise UserNotFoundError(sub)
    return user


def find(transaction: Transaction, sub: str) -> User | None:
    """The user with that sub, marked deleted or not."""
    row = transaction.row(_SELECT, (sub,))
    return from_row(row) if row else None


def from_row(row: Mapping[str, Any]) -> User:
    """The user of a row, whose times are naive because DATETIME has no zone: sessions are in UTC."""
    times = ("created_at", "updated_at", "deleted_at")
    return User(**{**row, **{name: row[name] and row[name].replace(tzinfo=UTC) for name in times}})


def to_column(time: datetime) -> datetime:
    """An aware time as DATETIME columns have it."""
    return time.astimezone(UTC).replace(tzinfo=None)
