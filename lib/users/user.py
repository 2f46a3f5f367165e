"""A user, and its row."""

from dataclasses import dataclass
from datetime import datetime

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
    return User(**row) if row else None
