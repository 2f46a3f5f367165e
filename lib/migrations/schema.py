"""A fingerprint of the schema: the same before and after, when a DDL statement did not happen."""

import hashlib
import re
from collections.abc import Iterator

from pymysql.connections import Connection

from lib.migrations.ledger import TABLE

# The next AUTO_INCREMENT value changes with each inserted row.
_COUNTER = re.compile(r"\bAUTO_INCREMENT=\d+ ?")

# Stored programs; a change that leaves the text as it is still changes the time.
_ROUTINES = """
SELECT routine_type, routine_name, routine_definition, last_altered
FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1, 2
"""
_TRIGGERS = """
SELECT trigger_name, event_manipulation, event_object_table, action_timing, action_statement, created
FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1
"""
_EVENTS = """
SELECT event_name, event_definition, status, last_altered
FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY 1
"""


def fingerprint(connection: Connection) -> str:
    """The SHA-256 of the definitions of all tables, views and stored programs but the ledger."""
    digest = hashlib.sha256()
    for definition in _definitions(connection):
        digest.update(f"{definition}\0".encode())
    return digest.hexdigest()


def _definitions(connection: Connection) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW FULL TABLES")
        for name, kind in sorted(cursor.fetchall()):
            if name != TABLE:
                # Works for views and sequences too; the definition is the second column.
                cursor.execute(f"SHOW CREATE TABLE `{name.replace('`', '``')}`")
                yield _COUNTER.sub("", f"{kind} {cursor.fetchall()[0][1]}")
        for query in (_ROUTINES, _TRIGGERS, _EVENTS):
            cursor.execute(query)
            yield repr(cursor.fetchall())
