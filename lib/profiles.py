"""Users, as the HTTP API shows them."""

from datetime import datetime
from typing import TypedDict

from lib.users import User


class Profile(TypedDict):
    """A user. The e-mail is null where lib.users.User has none."""

    id: str
    email: str | None
    name: str | None
    locale: str | None
    created_at: datetime
    updated_at: datetime


def profile_of(user: User) -> Profile:
    """The profile of a user; whether it is marked deleted is nothing to show."""
    return Profile(
        id=user.sub,
        email=user.email,
        name=user.name,
        locale=user.locale,
        created_at=user.created_at,
        updated_at=user.updated_at,
    )
