"""Called by each deployment, between applying the infrastructure and releasing the code: migrates.

As the database's owner it also makes the accounts that the other functions connect with.
"""

import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from pymysql.connections import Connection

from lib import migrations
from lib.context import LambdaContext
from lib.database import connect
from lib.database.function_accounts import BEHIND_PROXY, by_iam, by_secret, provide_accounts
from lib.logging import logged, logger
from lib.settings import DatabaseSettings, database_settings, reading

MIGRATIONS = Path(__file__).parents[2] / "migrations"
# Lambda stops the function after 900 s (function.yaml); a statement that takes longer is to fail before.
STATEMENT_SECONDS = 840
# An Aurora that has paused resumes in about 15 s, and takes longer after a long pause:
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
CONNECT_SECONDS = 60


@logged
def handler(
    event: dict[str, Any], _context: LambdaContext, /, environ: Mapping[str, str] = os.environ
) -> dict[str, list[str]]:
    """Return the names of what was applied, `{"applied": [...]}`; none, the second time.

    For the event `{"dry_run": true}`, change nothing, and return what is pending: `{"pending": [...]}`.
    Raises MigrationError, and ValueError for any other event: a misspelt one must not migrate.
    """
    is_dry_run = event.get("dry_run", False)
    if event.keys() - {"dry_run"} or not isinstance(is_dry_run, bool):
        raise ValueError('the event is neither {} nor {"dry_run": true}')
    with reading(environ) as read:
        settings = replace(
            database_settings(read),
            connect_timeout_seconds=CONNECT_SECONDS,
            read_timeout_seconds=STATEMENT_SECONDS,
        )
    with closing(connect(settings)) as connection:
        if is_dry_run:
            return {"pending": migrations.pending(connection, MIGRATIONS)}
        applied = migrations.apply(connection, MIGRATIONS)
        if settings.auth == "secret":  # the database's owner, on AWS
            provide_all(connection, settings, environ)
    logger.info("migrated", applied=applied)
    return {"applied": applied}


def provide_all(connection: Connection, settings: DatabaseSettings, environ: Mapping[str, str]) -> None:
    """Make the accounts that sign in with IAM, and those behind RDS Proxy where there is one."""
    provide_accounts(connection, by_iam)
    secrets = environ.get("DATABASE_ACCOUNT_SECRETS")
    if not secrets:
        return
    import boto3

    manager = boto3.client("secretsmanager", region_name=settings.region)
    provide_accounts(connection, by_secret(connection, manager, secrets), BEHIND_PROXY)


if __name__ == "__main__":
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))
