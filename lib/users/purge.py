"""Remove the users who were marked deleted some time ago.

Until then the marked row keeps whoever was deleted from being made again: by a PostConfirmation that arrives
late or twice (Cognito tries three times, 5 seconds each), or by an access token that was issued before
(Cognito's last a day at most). Both are over before the row may go. Nothing is kept after it: a list of
those who were removed would be personal data of people who asked for none to be kept; and whoever still
signs in then has an account in the pool, and comes back on purpose.
"""

from datetime import datetime, timedelta

from lib.database import Database

SHORTEST_RETENTION = timedelta(days=1)
_DELETE = "DELETE FROM users WHERE deleted_at < %s ORDER BY deleted_at LIMIT %s"


def purge_deleted(database: Database, *, older_than: timedelta, now: datetime, batch_size: int = 500) -> int:
    """Remove the rows that were marked deleted before `now - older_than`; return how many.

    Raises ValueError for less than SHORTEST_RETENTION, after which nothing makes a removed user again.
    Each batch is a transaction of its own: locks are short, and a timeout loses only the batch it hits.
    """
    if older_than < SHORTEST_RETENTION:
        raise ValueError(f"older_than is {older_than}; use {SHORTEST_RETENTION} or more")
    before = now - older_than
    removed = 0
    while True:
        batch = database.run(
            lambda transaction: transaction.execute(_DELETE, (before, batch_size)), idempotent=True
        )
        removed += batch
        if batch < batch_size:
            return removed
