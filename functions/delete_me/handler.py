"""DELETE /me: marks whoever is signed in as deleted; purge_deleted_users removes the row later."""

import contextlib
import os

from lib import http, users
from lib.clock import Clock, utc_now
from lib.database import Database
from lib.problems import problem_of

DATABASE = Database.from_environ(os.environ)


@http.endpoint(os.environ, problems=problem_of)
def handler(request: http.Request, database: Database = DATABASE, clock: Clock = utc_now) -> None:
    """Answer 204, the second time too (RFC 9110, 9.2.2).

    A user without a row gets one, to be marked: else the next request would make it. The user in Cognito
    stays; the client removes it, with the same token (DeleteUser).
    """
    now = clock()
    with contextlib.suppress(users.UserDeletedError):
        user = users.get_or_create(database, request.claims, now=now)
        users.mark_deleted(database, user.sub, now=now)


if __name__ == "__main__":
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))
