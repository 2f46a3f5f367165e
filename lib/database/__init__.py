"""The database of a function: one connection per warm container.

    database = Database(settings)                                # connects when it is first used
    users = database.run(lambda t: t.rows("SELECT ..."), idempotent=True)

`run` is one transaction: committed when its work returns, rolled back when it raises.
"""

from lib.database.connecting import connect
from lib.database.database import Database
from lib.database.failures import DatabaseUnavailable
from lib.database.transaction import Transaction

__all__ = ["Database", "DatabaseUnavailable", "Transaction", "connect"]
