"""GET /users: the users, newest first, for administrators."""

import os
from typing import Any

from lib import http, users
from lib.database import Database
from lib.http.models import Field
from lib.http.pagination import PageQuery, page
from lib.problems import problem_of
from lib.profiles import profile_of

DATABASE = Database.from_environ(os.environ)


class Query(PageQuery):
    """`?email_prefix=ada&limit=20&cursor=...`; e-mails are compared without regard to case."""

    email_prefix: str | None = Field(default=None, min_length=1, max_length=254)


@http.endpoint(os.environ, query=Query, problems=problem_of)
def handler(request: http.Request[None, Query], database: Database = DATABASE) -> dict[str, Any]:
    found = users.list_users(
        database,
        limit=request.query.limit,
        cursor=request.query.cursor,
        email_prefix=request.query.email_prefix,
    )
    return page(map(profile_of, found.users), next_cursor=found.next_cursor)


if __name__ == "__main__":
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))
