"""Every day: removes the users who were marked deleted RETENTION_DAYS ago."""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lib import users
from lib.clock import Clock, utc_now
from lib.context import LambdaContext
from lib.database import Database
from lib.logging import logged, logger
from lib.settings import reading

DATABASE = Database.from_environ(os.environ)


@logged
def handler(
    _event: dict[str, Any],
    _context: LambdaContext,
    /,
    database: Database = DATABASE,
    environ: Mapping[str, str] = os.environ,
    clock: Clock = utc_now,
) -> dict[str, int]:
    """Return how many were removed. An event that arrives twice finds nothing to do."""
    with reading(environ) as read:
        days = read.integer("RETENTION_DAYS", minimum=1)
    removed = users.purge_deleted(database, older_than=timedelta(days=days), now=clock())
    logger.info("purged", removed=removed)
    return {"removed": removed}


if __name__ == "__main__":
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))
