"""GET /me: the profile of whoever is signed in."""

import os

from lib import http, users
from lib.clock import Clock, utc_now
from lib.database import Database
from lib.problems import problem_of
from lib.profiles import Profile, profile_of

DATABASE = Database.from_environ(os.environ)


@http.endpoint(os.environ, problems=problem_of)
def handler(request: http.Request, database: Database = DATABASE, clock: Clock = utc_now) -> Profile:
    """Make the row if sign-up could not.

    The route takes access tokens, which have no e-mail; Cognito could be asked for it, but a function in a
    VPC does not reach Cognito without a NAT gateway. So it stays null until something that knows it comes
    by: create_user's second attempt, or a token to which a PreTokenGeneration trigger adds the claim.
    """
    return profile_of(users.get_or_create(database, request.claims, now=clock()))


if __name__ == "__main__":
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))
