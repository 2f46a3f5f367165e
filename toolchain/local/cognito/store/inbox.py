"""The messages that a pool on AWS would send by e-mail or SMS."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from toolchain.local.cognito.request import Document
from toolchain.local.cognito.store.database import Database

_KEEP_SECONDS = 7 * 86400


@dataclass(frozen=True, slots=True)
class Message:
    """`code` is also in the text; in an invitation it is the temporary password."""

    pool_id: str
    username: str
    medium: str
    recipient: str
    occasion: str
    subject: str
    text: str
    code: str


type Announce = Callable[[Message], None]
"""Is told of every message that is kept, in the thread of whoever sends it."""


class Inbox:
    def __init__(self, database: Database, announce: Announce) -> None:
        self._database = database
        self._announce = announce

    def add(self, message: Message, now: float) -> None:
        """Keep a message, and announce it; those of last week are forgotten."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO messages (sent_at, recipient, username, document) VALUES (?, ?, ?, ?)",
                (now, message.recipient.lower(), message.username, json.dumps(asdict(message))),
            )
            connection.execute("DELETE FROM messages WHERE sent_at < ?", (now - _KEEP_SECONDS,))
        self._announce(message)

    def read(self, recipient: str | None = None, limit: int = 100) -> list[Document]:
        """The latest messages, newest first; only those to an address (or a username), if one is given."""
        where = "WHERE recipient = ? OR username = ?" if recipient else ""
        parameters = (recipient.lower(), recipient) if recipient else ()
        rows = self._database.rows(
            f"SELECT id, sent_at, document FROM messages {where} ORDER BY id DESC LIMIT ?",  # noqa: S608  ours
            (*parameters, limit),
        )
        return [{"id": row["id"], "sent_at": row["sent_at"], **json.loads(row["document"])} for row in rows]
