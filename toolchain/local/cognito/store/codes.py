"""Codes that were sent and wait to be typed in."""

import hmac
import sqlite3
from dataclasses import dataclass

from toolchain.local.cognito.errors import CodeMismatchError, ExpiredCodeError
from toolchain.local.cognito.store.database import Database
from toolchain.local.cognito.user import User

SIGN_UP = "sign_up"
FORGOT_PASSWORD = "forgot_password"  # noqa: S105  the name of a purpose


def attribute_purpose(attribute: str) -> str:
    return f"attribute:{attribute}"


@dataclass(frozen=True, slots=True)
class Code:
    """`value` is what the code was sent for: the address that it verifies."""

    digits: str
    expires_at: float
    value: str


class Codes:
    """At most one code for each user and purpose: a new one replaces the last."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, user: User, purpose: str, code: Code) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?, ?, ?)",
                (user.pool_id, user.username, purpose, code.digits, code.expires_at, code.value),
            )

    def check(self, user: User, purpose: str, digits: str, now: float) -> str:
        """What a code is for, if it is right; raises CodeMismatchError or ExpiredCodeError."""
        rows = self._database.rows(_SELECT, (user.pool_id, user.username, purpose))
        return _check(rows[0] if rows else None, digits, now)

    def take(self, user: User, purpose: str, digits: str, now: float) -> str:
        """As check, and use the code up: of two requests with the same code, one gets it."""
        key = (user.pool_id, user.username, purpose)
        with self._database.transaction() as connection:
            value = _check(connection.execute(_SELECT, key).fetchone(), digits, now)
            connection.execute("DELETE FROM codes WHERE pool_id = ? AND username = ? AND purpose = ?", key)
        return value

    def drop(self, user: User, purpose: str) -> None:
        """Make a code worthless."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM codes WHERE pool_id = ? AND username = ? AND purpose = ?",
                (user.pool_id, user.username, purpose),
            )


_SELECT = "SELECT code, expires_at, value FROM codes WHERE pool_id = ? AND username = ? AND purpose = ?"


def _check(row: sqlite3.Row | None, digits: str, now: float) -> str:
    if row is None or row["expires_at"] <= now:
        raise ExpiredCodeError
    if not hmac.compare_digest(row["code"].encode(), digits.encode(errors="replace")):
        raise CodeMismatchError
    value: str = row["value"]
    return value
