"""The user that a sign-up or an administrator makes: username and attributes from what was given."""

import uuid
from collections.abc import Mapping

from toolchain.local.cognito.attributes import check_new_attributes, is_email, is_phone_number
from toolchain.local.cognito.errors import InvalidParameterError
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.user import Status, User


def new_user(pool: Pool, login: str, attributes: Mapping[str, str], status: Status, now: float) -> User:
    """The user, without a password; raises InvalidParameterError.

    In a pool where users sign up with an e-mail or a number, that is an attribute, and the username a UUID.
    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html#user-pool-settings-aliases
    """
    sub = str(uuid.uuid4())
    if "sub" in attributes:
        raise InvalidParameterError("Cannot modify the non-mutable attribute sub")
    attribute = _login_attribute(pool, login)
    given = {**attributes, attribute: login} if attribute else dict(attributes)
    check_new_attributes(pool, given)
    for name in ("email", "phone_number"):
        if given.get(name):
            given.setdefault(f"{name}_verified", "false")
    return User(
        pool_id=pool.id,
        username=sub if attribute else login,
        status=status,
        attributes={"sub": sub, **{name: value for name, value in given.items() if value}},
        created_at=now,
        modified_at=now,
    )


def _login_attribute(pool: Pool, login: str) -> str | None:
    """The attribute that the login is; None if it is a username."""
    if not login or any(character.isspace() for character in login) or len(login) > 128:
        raise InvalidParameterError(
            "1 validation error detected: Value at 'username' failed to satisfy constraint:"
            " Member must have 1 to 128 characters, and no spaces"
        )
    kind = "email" if is_email(login) else "phone_number" if is_phone_number(login) else None
    if not pool.username_attributes:
        if kind and kind in pool.alias_attributes:
            word = "email" if kind == "email" else "phone number"
            raise InvalidParameterError(
                f"Username cannot be of {word} format, since user pool is configured for {word} alias."
            )
        return None
    if kind in pool.username_attributes:
        return kind
    match sorted(pool.username_attributes):
        case ["email"]:
            raise InvalidParameterError("Username should be an email.")
        case ["phone_number"]:
            raise InvalidParameterError("Username should be a phone number.")
        case _:
            raise InvalidParameterError("Username should be either an email or a phone number.")
