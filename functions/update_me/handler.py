"""PATCH /me: changes the profile of whoever is signed in."""

import os
from typing import cast

from lib import http, users
from lib.clock import Clock, utc_now
from lib.database import Database
from lib.http.models import Body
from lib.problems import problem_of
from lib.profiles import Profile, profile_of

DATABASE = Database.from_environ(os.environ)


class Changes(Body):
    """A merge patch (RFC 7396): what is absent stays, null removes. E-mails are changed in Cognito."""

    name: str | None = None
    locale: str | None = None


@http.endpoint(os.environ, body=Changes, problems=problem_of)
def handler(request: http.Request[Changes], database: Database = DATABASE, clock: Clock = utc_now) -> Profile:
    """Answer the profile after the changes, which may be none."""
    now = clock()
    user = users.get_or_create(database, request.claims, now=now)
    changes = cast("users.UserChanges", request.body.model_dump(exclude_unset=True))
    return profile_of(users.update_user(database, user.sub, changes, now=now))


if __name__ == "__main__":
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))
