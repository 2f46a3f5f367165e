"""Make users, from Cognito's sign-up or from the claims of whoever comes without a row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pymysql import err

from lib.database import Database, Transaction
from lib.users.failures import InvalidUserError, UserDeletedError
from lib.users.fields import check_sub, check_text, email_key
from lib.users.user import User, find

_DUPLICATE_KEY = 1062

_INSERT = """
INSERT INTO users (sub, email, email_key, name, created_at, updated_at)
VALUES (%(sub)s, %(email)s, %(email_key)s, %(name)s, %(now)s, %(now)s)
"""
_SET_EMAIL = """
UPDATE users SET email = %(email)s, email_key = %(email_key)s, updated_at = %(now)s
WHERE sub = %(sub)s AND email <=> %(known_email)s AND deleted_at IS NULL
"""


class Creation(NamedTuple):
    """The user, and whether this call made it."""

    user: User
    created: bool


def create_user(
    database: Database, *, sub: str, email: str | None, name: str | None, now: datetime
) -> Creation:
    """Make the user, or find the one with this `sub`, which stays as it is; only a missing e-mail is added.

    `email` has to be verified: anyone can sign up with any address (see `verified_email`). A user that is
    marked deleted is returned as such. Raises InvalidUserError.
    """
    problems = check_sub(sub) + check_text("email", email) + check_text("name", name)
    if problems:
        raise InvalidUserError(problems)
    row: dict[str, Any] = {
        "sub": sub,
        "email": email or None,
        "email_key": email_key(email) if email else None,
        "name": name or None,
        "now": now,
    }
    user, created = database.run(lambda transaction: _insert_or_find(transaction, row), idempotent=True)
    if email and not user.email:  # the row was made from an access token, which has none
        user = _set_email(database, user, email, now=now)
    return Creation(user, created)


def get_or_create(database: Database, claims: Mapping[str, object], *, now: datetime) -> User:
    """The user of verified claims, made if need be: a sign-up trigger that fails is not called again.

    An e-mail is taken from the claims only if it is verified, and then replaces another: the user has changed
    it in the pool. Raises UserDeletedError, InvalidUserError.
    """
    sub, email = str(claims["sub"]), verified_email(claims)
    user = database.run(lambda transaction: find(transaction, sub), idempotent=True)
    if user is None:
        name = str(claims["name"]) if claims.get("name") else None
        user = create_user(database, sub=sub, email=email, name=name, now=now).user
    elif email and email != user.email:
        user = _set_email(database, user, email, now=now)
    if user.is_deleted:
        raise UserDeletedError(sub)
    return user


def verified_email(claims: Mapping[str, object]) -> str | None:
    """The e-mail of a token's claims, or of a trigger's user attributes, if the pool has verified it.

    >>> verified_email({"email": "ada@example.com", "email_verified": "true"})
    'ada@example.com'
    """
    # API Gateway turns every claim into a string, and Cognito's attributes are strings.
    is_verified = claims.get("email_verified") in (True, "true")
    return str(claims["email"]) if is_verified and claims.get("email") else None


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


def _set_email(database: Database, user: User, email: str, *, now: datetime) -> User:
    """Set the e-mail, unless the user is not, or no longer, as it was read: then it stays as it is.

    In a transaction of its own. After a duplicate key the row is locked by everybody who tried to insert it,
    and the first two to update it would be a deadlock.
    """
    if problems := check_text("email", email):
        raise InvalidUserError(problems)
    row = {
        "sub": user.sub,
        "email": email,
        "email_key": email_key(email),
        "known_email": user.email,
        "now": now,
    }

    def set_email(transaction: Transaction) -> User:
        transaction.execute(_SET_EMAIL, row)
        return find(transaction, user.sub) or user

    return user if user.is_deleted else database.run(set_email, idempotent=True)
