"""The SQLite file: its schema, and transactions.

In WAL mode a transaction that was committed survives a kill -9 of the process; what was not is gone as
a whole. So nothing is answered before its transaction is committed.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolchain.errors import ToolchainError

_VERSION = 1
_SCHEMA = """
CREATE TABLE pools (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE TABLE users (
    pool_id TEXT NOT NULL, username TEXT NOT NULL, status TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (pool_id, username)
) STRICT, WITHOUT ROWID;
-- Every name that a user can sign in with: that it is unique is decided here.
CREATE TABLE logins (
    pool_id TEXT NOT NULL, login TEXT NOT NULL, username TEXT NOT NULL, attribute TEXT NOT NULL,
    PRIMARY KEY (pool_id, login)
) STRICT, WITHOUT ROWID;
CREATE INDEX logins_of_user ON logins (pool_id, username);
CREATE TABLE memberships (
    pool_id TEXT NOT NULL, group_name TEXT NOT NULL, username TEXT NOT NULL,
    PRIMARY KEY (pool_id, username, group_name)
) STRICT, WITHOUT ROWID;
CREATE TABLE codes (
    pool_id TEXT NOT NULL, username TEXT NOT NULL, purpose TEXT NOT NULL, code TEXT NOT NULL,
    expires_at REAL NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (pool_id, username, purpose)
) STRICT, WITHOUT ROWID;
CREATE TABLE sign_ins (
    origin_jti TEXT PRIMARY KEY, pool_id TEXT NOT NULL, client_id TEXT NOT NULL, username TEXT NOT NULL,
    scopes TEXT NOT NULL, signed_in_at REAL NOT NULL, expires_at REAL NOT NULL, is_revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_ins_of_user ON sign_ins (pool_id, username);
CREATE TABLE refresh_tokens (
    hash TEXT PRIMARY KEY, origin_jti TEXT NOT NULL, replaced_at REAL
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_of_sign_in ON refresh_tokens (origin_jti);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY, sent_at REAL NOT NULL, recipient TEXT NOT NULL, username TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX messages_by_time ON messages (sent_at);
CREATE INDEX messages_of_recipient ON messages (recipient);
CREATE INDEX messages_of_user ON messages (username);
"""


class Database:
    """A connection that threads take turns at; transactions are short, and never wait for a function."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000"
        )
        self._prepare(path)

    def _prepare(self, path: Path) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            self._connection.close()
            raise ToolchainError(
                f"{path}: version is {version}; this checkout reads up to {_VERSION}:"
                " update it, or remove the file to start without users"
            )
        if version == 0:
            self._connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = 1; COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; on disk when it is left."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # A full disk may have rolled back already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, parameters: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """What a query that changes nothing answers."""
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()
