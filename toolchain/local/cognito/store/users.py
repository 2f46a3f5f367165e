"""Users on disk."""

import sqlite3
from collections.abc import Callable

from toolchain.local.cognito.errors import AliasExistsError, UsernameExistsError, UserNotFoundError
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.store.database import Database
from toolchain.local.cognito.user import User, dump, load, logins


class Users:
    """Changes are read, made and written in one transaction: two at once both count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, pool: Pool, login: str) -> User | None:
        """The user with a username, or another name to sign in with."""
        found = self._database.rows(
            "SELECT users.document FROM logins JOIN users USING (pool_id, username)"
            " WHERE logins.pool_id = ? AND logins.login = ?",
            (pool.id, pool.fold(login)),
        )
        return load(found[0][0]) if found else None

    def get(self, pool: Pool, login: str) -> User:
        """As find; raises UserNotFoundError."""
        user = self.find(pool, login)
        if user is None:
            raise UserNotFoundError
        return user

    def get_for_administrator(self, pool: Pool, name: str) -> User:
        """As get, or by the sub: the Username of Admin operations.

        "If username isn't an alias attribute in your user pool, you can also use their sub in this request."
        https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
        Nobody signs in with it (measured on AWS: github.com/ministackorg/ministack/pull/1758).
        """
        return self.find(pool, name) or self._get_by_sub(pool, name)

    def _get_by_sub(self, pool: Pool, sub: str) -> User:
        found = self._database.rows(
            "SELECT document FROM users WHERE pool_id = ? AND json_extract(document, '$.attributes.sub') = ?",
            (pool.id, sub),
        )
        if not found:
            raise UserNotFoundError
        return load(found[0][0])

    def add(self, pool: Pool, user: User, *, takes_aliases: bool = False) -> None:
        """Keep a new user; raises UsernameExistsError or AliasExistsError.

        With `takes_aliases`, an e-mail or number that is somebody else's is taken from them, as by `update`.
        """
        with self._database.transaction() as connection:
            if takes_aliases:
                self._release(connection, pool, user)
            self._write_logins(connection, pool, user, is_new=True)
            connection.execute(
                "INSERT INTO users VALUES (?, ?, ?, ?)", (pool.id, user.username, user.status, dump(user))
            )

    def update(
        self, pool: Pool, username: str, change: Callable[[User], User], *, takes_aliases: bool = False
    ) -> User:
        """Change a user; raises UserNotFoundError or AliasExistsError.

        With `takes_aliases`, an e-mail or number that is somebody else's is taken from them: they keep
        the attribute, but it is no longer verified.
        """
        with self._database.transaction() as connection:
            user = change(_read(connection, pool, username))
            if takes_aliases:
                self._release(connection, pool, user)
            connection.execute(
                "DELETE FROM logins WHERE pool_id = ? AND username = ?", (pool.id, user.username)
            )
            self._write_logins(connection, pool, user, is_new=False)
            _write(connection, user)
        return user

    def delete(self, pool: Pool, username: str) -> None:
        """Forget a user with all that is theirs."""
        with self._database.transaction() as connection:
            for table in ("users", "logins", "memberships", "codes", "sign_ins"):
                connection.execute(
                    f"DELETE FROM {table} WHERE pool_id = ? AND username = ?",  # noqa: S608  our own names
                    (pool.id, username),
                )

    def all(self, pool: Pool, after: str = "") -> list[User]:
        """The pool's users by username, from after one on."""
        rows = self._database.rows(
            "SELECT document FROM users WHERE pool_id = ? AND username > ? ORDER BY username",
            (pool.id, after),
        )
        return [load(row[0]) for row in rows]

    def page(self, pool: Pool, after: str, limit: int) -> list[User]:
        """At most `limit` users by username, from after one on."""
        rows = self._database.rows(
            "SELECT document FROM users WHERE pool_id = ? AND username > ? ORDER BY username LIMIT ?",
            (pool.id, after, limit),
        )
        return [load(row[0]) for row in rows]

    def count(self, pool_id: str) -> int:
        rows = self._database.rows("SELECT COUNT(*) FROM users WHERE pool_id = ?", (pool_id,))
        return int(rows[0][0])

    def _release(self, connection: sqlite3.Connection, pool: Pool, taker: User) -> None:
        for login, attribute in logins(pool, taker).items():
            row = connection.execute(
                "SELECT username FROM logins WHERE pool_id = ? AND login = ? AND username <> ?",
                (pool.id, login, taker.username),
            ).fetchone()
            if row and attribute in pool.alias_attributes:
                other = _read(connection, pool, row[0])
                _write(
                    connection, other.with_attributes({f"{attribute}_verified": "false"}, taker.modified_at)
                )
                connection.execute("DELETE FROM logins WHERE pool_id = ? AND login = ?", (pool.id, login))

    def _write_logins(self, connection: sqlite3.Connection, pool: Pool, user: User, *, is_new: bool) -> None:
        for login, attribute in logins(pool, user).items():
            try:
                connection.execute(
                    "INSERT INTO logins VALUES (?, ?, ?, ?)", (pool.id, login, user.username, attribute)
                )
            except sqlite3.IntegrityError as error:
                raise _taken(pool, attribute, is_new=is_new) from error


def _taken(pool: Pool, attribute: str, *, is_new: bool) -> UsernameExistsError | AliasExistsError:
    if attribute == "username":
        return UsernameExistsError()
    message = f"An account with the given {attribute} already exists."
    is_username = is_new and attribute in pool.username_attributes
    return UsernameExistsError(message) if is_username else AliasExistsError(message)


def _read(connection: sqlite3.Connection, pool: Pool, username: str) -> User:
    row = connection.execute(
        "SELECT document FROM users WHERE pool_id = ? AND username = ?", (pool.id, username)
    ).fetchone()
    if row is None:
        raise UserNotFoundError
    return load(row[0])


def _write(connection: sqlite3.Connection, user: User) -> None:
    connection.execute(
        "UPDATE users SET status = ?, document = ? WHERE pool_id = ? AND username = ?",
        (user.status, dump(user), user.pool_id, user.username),
    )
