"""Make users, from Cognito's sign-up or from the claims of whoever comes without a row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pymysql import err

from lib.database import Database, Transaction
from lib.users.failures import InvalidUserError, UserDeletedError
from lib.users.fields import check_sub, check_text, email_key
from lib.users.user import User, find, to_column

_DUPLICATE_KEY = 1062

_INSERT = """
INSERT INTO users (sub, email, email_key, name, created_at, updated_at)
VALUES (%(sub)s, %(email)s, %(email_key)s, %(name)s, %(now)s, %(now)s)
"""
_SET_EMAIL = """
UPDATE users SET email = %(email)s, email_key = %(email_key)s, updated_at = %(now)s
WHERE sub = %(sub)s AND email IS NULL AND deleted_at IS NULL
"""


class Creation(NamedTuple):
    """The user, and whether this call made it."""

    user: User
    created: bool


def create_user(
    database: Database, *, sub: str, email: str | None, name: str | None, now: datetime
) -> Creation:
    """Make the user, or find the one with this `sub`, which stays as it is; only a missing e-mail is added.

    A user that is marked deleted is returned as such. Raises InvalidUserError.
    """
    problems = check_sub(sub) + check_text("email", email) + check_text("name", name)
    if problems:
        raise InvalidUserError(problems)
    row: dict[str, Any] = {
        "sub": sub,
        "email": email or None,
        "email_key": email_key(email) if email else None,
        "name": name or None,
        "now": to_column(now),
    }
    creation = database.run(lambda transaction: _insert_or_find(transaction, row), idempotent=True)
    return Creation(_with_email(database, creation.user, row), creation.created)


def get_or_create(database: Database, claims: Mapping[str, object], *, now: datetime) -> User:
    """The user of verified claims, made if need be: a sign-up trigger that fails is not called again.

    An e-mail is taken from the claims only if it is verified. Raises UserDeletedError, InvalidUserError.
    """
    sub = str(claims["sub"])
    email = str(claims["email"]) if _has_verified_email(claims) else None
    user = database.run(lambda transaction: find(transaction, sub), idempotent=True)
    if user is None or (email and not user.email):
        name = str(claims["name"]) if claims.get("name") else None
        user = create_user(database, sub=sub, email=email, name=name, now=now).user
    if user.is_deleted:
        raise UserDeletedError(sub)
    return user


def _has_verified_email(claims: Mapping[str, object]) -> bool:
    # API Gateway turns every claim into a string.
    return bool(claims.get("email")) and claims.get("email_verified") in (True, "true")


def _insert_or_find(transaction: Transaction, row: dict[str, Any]) -> Creation:
    """INSERT, and SELECT when the key is taken: the one way that never changes or loses a row.

    ON DUPLICATE KEY UPDATE and REPLACE would change the row that is there; INSERT IGNORE would cut long
    values.
    """
    try:
        transaction.execute(_INSERT, row)
        created = True
    except err.IntegrityError as error:
        if error.args[0] != _DUPLICATE_KEY:
            raise
        created = False
    user = find(transaction, str(row["sub"]))
    if user is None:
        raise AssertionError("the row of a duplicate key is locked, so it can't be gone")
    return Creation(user, created)


def _with_email(database: Database, user: User, row: dict[str, Any]) -> User:
    """Add the e-mail if the user lacks it: the row was made from an access token, which has none.

    In a transaction of its own. After a duplicate key the row is locked by everybody who tried to insert it,
    and the first two to update it would be a deadlock.
    """
    if user.email or not row["email"] or user.is_deleted:
        return user

    def add_email(transaction: Transaction) -> User:
        transaction.execute(_SET_EMAIL, row)
        return find(transaction, user.sub) or user

    return database.run(add_email, idempotent=True)
