"""PostConfirmation: makes the row of a user who has signed up."""

import os

from lib import cognito, metrics, users
from lib.clock import Clock, utc_now
from lib.database import Database
from lib.logging import logger

DATABASE = Database.from_environ(os.environ)


@cognito.trigger(cognito.PostConfirmation, "PostConfirmation_ConfirmSignUp")
def handler(event: cognito.PostConfirmation, database: Database = DATABASE, clock: Clock = utc_now) -> None:
    """Make the row, or leave alone the one that a first attempt has made.

    An e-mail that is not verified may be anybody's, and is left out: whoever was confirmed by phone or by an
    administrator has one.

    ConfirmForgotPassword comes here too, and says nothing new. When this fails the user stays confirmed and
    Cognito does not ask again: lib.users.get_or_create makes the row at the first request.
    """
    attributes = event.request["userAttributes"]
    user, is_new = users.create_user(
        database,
        sub=attributes["sub"],
        email=users.verified_email(attributes),
        name=attributes.get("name"),
        now=clock(),
    )
    if is_new:
        metrics.count("UsersCreated")
    logger.info("user created" if is_new else "user already there", sub=user.sub)


if __name__ == "__main__":
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))
