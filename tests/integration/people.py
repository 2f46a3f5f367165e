"""Users for tests, in a real MariaDB."""

from datetime import UTC, datetime, timedelta

from lib.database import Database
from lib.users import (
    Creation,
    Page,
    create_user,
)

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)

ADA = "5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10"


def make_ada(database: Database, now: datetime = NOON) -> Creation:
    return create_user(database, sub=ADA, email="Ada@Example.com", name="Ada Lovelace", now=now)


def make_users(database: Database, number: int) -> list[str]:
    """Make users one second apart; their subs, oldest first."""
    subs = [f"{index:08}-0000-4000-8000-000000000000" for index in range(number)]
    for index, sub in enumerate(subs):
        moment = NOON + timedelta(seconds=index)
        create_user(database, sub=sub, email=f"user{index}@example.com", name=None, now=moment)
    return subs


def subs_of(page: Page) -> list[str]:
    return [user.sub for user in page.users]
