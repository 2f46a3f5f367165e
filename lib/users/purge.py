"""Remove the users who were marked deleted some time ago."""

from datetime import datetime, timedelta

from lib.database import Database
from lib.users.user import to_column

_DELETE = "DELETE FROM users WHERE deleted_at < %s ORDER BY deleted_at LIMIT %s"


def purge_deleted(database: Database, *, older_than: timedelta, now: datetime, batch_size: int = 500) -> int:
    """Remove the rows that were marked deleted before `now - older_than`; return how many.

    Each batch is a transaction of its own: locks are short, and a timeout loses only the batch it hits.
    """
    before = to_column(now - older_than)
    removed = 0
    while True:
        batch = database.run(
            lambda transaction: transaction.execute(_DELETE, (before, batch_size)), idempotent=True
        )
        removed += batch
        if batch < batch_size:
            return removed
