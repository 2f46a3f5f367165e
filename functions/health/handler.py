"""GET /health: whether the API can do its work; for load balancers, monitors and deployments."""

import os

from lib import http
from lib.database import Database
from lib.problems import problem_of

DATABASE = Database.from_environ(os.environ)


@http.endpoint(os.environ, problems=problem_of)
def handler(_: http.Request, database: Database = DATABASE) -> dict[str, str]:
    """Answer 200, or 503 when the database does not; what is wrong with it is in the log only."""
    database.check()
    return {"status": "ok", "database": "ok"}


if __name__ == "__main__":
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))
