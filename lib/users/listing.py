"""List users, a page at a time."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lib.database import Database
from lib.users.failures import InvalidCursorError, InvalidUserError
from lib.users.fields import check_sub, check_text, email_key
from lib.users.user import User

LONGEST_PAGE = 200

# PyMySQL puts the arguments into the text, so the server sees constants, and drops what is NULL IS NULL. It
# would not use the index for (created_at, sub) < (...).
_SELECT = """
SELECT sub, email, name, locale, created_at, updated_at, deleted_at
FROM users {index}
WHERE deleted_at IS NULL
  AND (%(pattern)s IS NULL OR email_key LIKE %(pattern)s ESCAPE '|')
  AND (%(created_at)s IS NULL
       OR created_at <= %(created_at)s AND (created_at < %(created_at)s OR sub < %(sub)s))
ORDER BY created_at DESC, sub DESC
LIMIT %(rows)s
"""
# Left to itself the server takes the index on deleted_at, NULL in nearly all rows, and sorts what it finds.
_IN_ORDER = "FORCE INDEX (users_by_creation)"
_BY_PREFIX = "IGNORE INDEX (users_by_deletion)"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Page:
    """Some users, and the cursor of those after them; None at the end."""

    users: tuple[User, ...]
    next_cursor: str | None


def list_users(
    database: Database, *, limit: int = 50, cursor: str | None = None, email_prefix: str | None = None
) -> Page:
    """Users that aren't marked deleted, newest first; 1 to 200 of them.

    Users that are made meanwhile move none from one page to another. Raises InvalidCursorError,
    InvalidUserError for a prefix that no e-mail can have.
    """
    if not 1 <= limit <= LONGEST_PAGE:
        raise ValueError(f"limit is {limit}; use 1 to {LONGEST_PAGE}")
    problems = check_text("email", email_prefix)
    if problems:
        raise InvalidUserError(problems)
    created_at, sub = decode_cursor(cursor) if cursor else (None, None)
    arguments = {
        "pattern": prefix_pattern(email_key(email_prefix)) if email_prefix else None,
        "created_at": created_at,
        "sub": sub,
        "rows": limit + 1,  # one more, to know whether there is a next page
    }
    query = _SELECT.format(index=_BY_PREFIX if email_prefix else _IN_ORDER)
    rows = database.run(lambda transaction: transaction.rows(query, arguments), idempotent=True)
    users = tuple(User(**row) for row in rows[:limit])
    return Page(users, encode_cursor(users[-1]) if len(rows) > limit else None)


def prefix_pattern(prefix: str) -> str:
    """Make a LIKE pattern, to be escaped with `|`: `a_b` -> `a|_b%`."""
    for special in ("|", "%", "_"):
        prefix = prefix.replace(special, f"|{special}")
    return f"{prefix}%"


def encode_cursor(user: User) -> str:
    """The place of a user in the list, as a text without meaning to others."""
    plain = f"{(user.created_at - _EPOCH) // _MICROSECOND} {user.sub}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime, str]:
    """The time and sub of a cursor. Raises InvalidCursorError."""
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True).decode()
        microseconds, sub = plain.split(" ")
        created_at = _EPOCH + int(microseconds) * _MICROSECOND
    except (binascii.Error, ValueError, OverflowError) as error:
        raise InvalidCursorError("the cursor is not one that a list has given") from error
    if check_sub(sub):
        raise InvalidCursorError("the cursor is not one that a list has given")
    return created_at, sub
