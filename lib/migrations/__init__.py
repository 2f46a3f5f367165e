"""Migrations: files NNNN_name.sql with one statement each, applied once and in order.

Run by functions/migrate_database at each deploy, and by the local database:

    with connect(replace(settings, read_timeout_seconds=840)) as connection:
        applied = migrations.apply(connection, Path("migrations"))

A process may be killed at any point, and the next one carries on. MySQL and MariaDB commit DDL implicitly,
so statement and ledger can't be one transaction; but since MySQL 8.0 and MariaDB 10.6 DDL is atomic: it
happened, or it didn't. So a fingerprint of the schema is noted in the ledger before a DDL statement, and
tells the next process which it was: if the schema is still the same, the statement is run again, else it is
done. This needs no IF NOT EXISTS (which MySQL lacks for columns and indexes), but nobody else may change the
schema. INSERT, UPDATE, DELETE and REPLACE are one transaction with the ledger.

A server goes on with a statement after its client was killed, and keeps the client's GET_LOCK meanwhile: the
next process waits for both.
"""

from lib.migrations.failures import HistoryError, MigrationError
from lib.migrations.runner import apply, pending

__all__ = ["HistoryError", "MigrationError", "apply", "pending"]
