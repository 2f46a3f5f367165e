"""Change users, and mark them deleted."""

from datetime import datetime
from typing import TypedDict

from lib.database import Database, Transaction
from lib.users.failures import FieldProblem, InvalidUserError, UserNotFoundError
from lib.users.fields import check_locale, check_name
from lib.users.user import User, find, get_user

_UPDATE = """
UPDATE users SET
    name = IF(%(changes_name)s, %(name)s, name),
    locale = IF(%(changes_locale)s, %(locale)s, locale),
    updated_at = %(now)s
WHERE sub = %(sub)s AND deleted_at IS NULL
"""
_MARK_DELETED = """
UPDATE users SET deleted_at = %(now)s, updated_at = %(now)s
WHERE sub = %(sub)s AND deleted_at IS NULL
"""


class UserChanges(TypedDict, total=False):
    """The fields that users change themselves: absent stays as it is, None is removed."""

    name: str | None
    locale: str | None


def update_user(database: Database, sub: str, changes: UserChanges, *, now: datetime) -> User:
    """Change the fields that are given, and no others. Raises UserNotFoundError, InvalidUserError."""
    problems = check_name(changes.get("name")) + check_locale(changes.get("locale"))
    unknown = changes.keys() - UserChanges.__annotations__.keys()
    problems += [FieldProblem(field, "can't be changed") for field in unknown]
    if problems:
        raise InvalidUserError(problems)
    if not changes:
        return get_user(database, sub)

    def update(transaction: Transaction) -> User | None:
        row = {
            "sub": sub,
            "name": changes.get("name"),
            "changes_name": "name" in changes,
            "locale": changes.get("locale"),
            "changes_locale": "locale" in changes,
            "now": now,
        }
        return find(transaction, sub) if transaction.execute(_UPDATE, row) else None

    user = database.run(update, idempotent=True)
    if user is None:
        raise UserNotFoundError(sub)
    return user


def mark_deleted(database: Database, sub: str, *, now: datetime) -> None:
    """Mark the user deleted; one who is so already keeps the first time. Raises UserNotFoundError."""

    def mark(transaction: Transaction) -> bool:
        marked = transaction.execute(_MARK_DELETED, {"sub": sub, "now": now})
        return bool(marked) or find(transaction, sub) is not None

    if not database.run(mark, idempotent=True):
        raise UserNotFoundError(sub)
