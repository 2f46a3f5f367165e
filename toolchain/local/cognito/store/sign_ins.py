"""Sign-ins: what a refresh token stands for, and what revoking ends.

All tokens that come from one sign-in carry its `origin_jti`; when it is revoked, Cognito's own API takes
none of them any more. Only hashes of refresh tokens are kept.
"""

import hashlib
import json
import secrets
import sqlite3
import uuid
from dataclasses import dataclass

from toolchain.local.cognito.clock import is_near
from toolchain.local.cognito.store.database import Database
from toolchain.local.cognito.user import User

_DAY = 86400


@dataclass(frozen=True, slots=True)
class SignIn:
    """A user (or, with an empty name, nobody) who signed in through a client."""

    origin_jti: str
    pool_id: str
    client_id: str
    username: str
    scopes: tuple[str, ...]
    signed_in_at: float
    expires_at: float
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token that was shown. `replaced_at` is when it got a successor."""

    sign_in: SignIn
    replaced_at: float | None

    def is_good(self, now: float, grace_seconds: float) -> bool:
        """Whether it has no successor, or got it less than the grace period ago."""
        return self.replaced_at is None or is_near(self.replaced_at, now, grace_seconds)


class SignIns:
    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self, user: User, client_id: str, scopes: tuple[str, ...], period: tuple[float, float]
    ) -> SignIn:
        """Record that a user signed in; `period` is from when to when it can be refreshed."""
        start, end = period
        sign_in = SignIn(str(uuid.uuid4()), user.pool_id, client_id, user.username, scopes, start, end)
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO sign_ins VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
                (sign_in.origin_jti, *_key(sign_in), json.dumps(scopes), start, end),
            )
        return sign_in

    def forget_expired(self, now: float) -> None:
        """Drop what can't be refreshed any more, and tokens of users who are gone."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM sign_ins WHERE expires_at < ?", (now - _DAY,))
            connection.execute(
                "DELETE FROM refresh_tokens WHERE origin_jti NOT IN (SELECT origin_jti FROM sign_ins)"
            )

    def get(self, origin_jti: str) -> SignIn | None:
        rows = self._database.rows("SELECT * FROM sign_ins WHERE origin_jti = ?", (origin_jti,))
        return _sign_in(rows[0]) if rows else None

    def add_refresh_token(self, sign_in: SignIn) -> str:
        """A new refresh token."""
        token = secrets.token_urlsafe(96)
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO refresh_tokens VALUES (?, ?, NULL)", (_hash(token), sign_in.origin_jti)
            )
        return token

    def find(self, refresh_token: str) -> Refresh | None:
        """The sign-in of a refresh token."""
        rows = self._database.rows(
            "SELECT sign_ins.*, replaced_at FROM refresh_tokens JOIN sign_ins USING (origin_jti)"
            " WHERE hash = ?",
            (_hash(refresh_token),),
        )
        return Refresh(_sign_in(rows[0]), rows[0]["replaced_at"]) if rows else None

    def replace(self, refresh_token: str, sign_in: SignIn, now: float, grace_seconds: float) -> str | None:
        """Rotate: the token's successor. The token itself may be shown for the grace period only.

        None if somebody else has replaced it meanwhile, and there is no such period, or it is over.
        """
        token = secrets.token_urlsafe(96)
        with self._database.transaction() as connection:
            found = self.find(refresh_token)
            if found is None or not found.is_good(now, grace_seconds):
                return None
            connection.execute(
                "UPDATE refresh_tokens SET replaced_at = coalesce(replaced_at, ?) WHERE hash = ?",
                (now, _hash(refresh_token)),
            )
            connection.execute(
                "INSERT INTO refresh_tokens VALUES (?, ?, NULL)", (_hash(token), sign_in.origin_jti)
            )
        return token

    def revoke(self, sign_in: SignIn) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE sign_ins SET is_revoked = 1 WHERE origin_jti = ?", (sign_in.origin_jti,)
            )

    def revoke_all(self, user: User) -> None:
        """Sign a user out everywhere."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE sign_ins SET is_revoked = 1 WHERE pool_id = ? AND username = ?",
                (user.pool_id, user.username),
            )


def _key(sign_in: SignIn) -> tuple[str, str, str]:
    return (sign_in.pool_id, sign_in.client_id, sign_in.username)


def _sign_in(row: sqlite3.Row) -> SignIn:
    return SignIn(
        origin_jti=row["origin_jti"],
        pool_id=row["pool_id"],
        client_id=row["client_id"],
        username=row["username"],
        scopes=tuple(json.loads(row["scopes"])),
        signed_in_at=row["signed_in_at"],
        expires_at=row["expires_at"],
        is_revoked=bool(row["is_revoked"]),
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
