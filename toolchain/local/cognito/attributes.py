"""What the values of a user's attributes may be.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
"""

import re
from collections.abc import Iterator, Mapping

from toolchain.local.cognito.errors import InvalidParameterError, NotAuthorizedError
from toolchain.local.cognito.pool import Attribute, Client, Pool

# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AttributeType.html
_MAX_LENGTH = 2048
_STANDARD = {
    name: Attribute(name, maximum=_MAX_LENGTH)
    for name in (
        *("address", "email", "family_name", "gender", "given_name", "locale", "middle_name", "name"),
        *("nickname", "phone_number", "picture", "preferred_username", "profile", "website", "zoneinfo"),
    )
} | {
    "birthdate": Attribute("birthdate", minimum=10, maximum=10),
    "email_verified": Attribute("email_verified", "Boolean"),
    "phone_number_verified": Attribute("phone_number_verified", "Boolean"),
    "sub": Attribute("sub", is_mutable=False),
    "updated_at": Attribute("updated_at", "Number"),
}
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@.<>\"]+(\.[^\s@.<>\"]+)+")
_PHONE_NUMBER = re.compile(r"\+[0-9]{4,15}")
_ADMINISTRATORS_ONLY = ("email_verified", "phone_number_verified")


def is_email(value: str) -> bool:
    return _EMAIL.fullmatch(value) is not None


def is_phone_number(value: str) -> bool:
    return _PHONE_NUMBER.fullmatch(value) is not None


def check_new_attributes(pool: Pool, attributes: Mapping[str, str]) -> None:
    """Raise InvalidParameterError if a new user may not have these attributes."""
    required = [name for name, attribute in pool.schema.items() if attribute.is_required and name != "sub"]
    missing = [f"{name}: The attribute is required\n" for name in required if not attributes.get(name)]
    _check(pool, attributes, missing)


def check_changed_attributes(pool: Pool, attributes: Mapping[str, str]) -> None:
    """Raise InvalidParameterError if an existing user's attributes may not become these."""
    fixed = [
        f"{name}: Attribute cannot be updated.\n"
        for name in attributes
        if (attribute := _find(pool, name)) and not attribute.is_mutable
    ]
    _check(pool, attributes, fixed)


def check_may_write(client: Client, attributes: Mapping[str, str]) -> None:
    """Raise NotAuthorizedError for attributes that an app may not set."""
    for name in attributes:
        if name in _ADMINISTRATORS_ONLY or not client.may_write(name):
            raise NotAuthorizedError("A client attempted to write unauthorized attribute")


def check_known(pool: Pool, names: list[str]) -> None:
    """Raise InvalidParameterError for attributes that the pool does not have, or that can't be removed."""
    unknown = [name for name in names if _find(pool, name) is None]
    if unknown:
        problems = "".join(f"user.{name}: Attribute does not exist in the schema.\n" for name in unknown)
        raise InvalidParameterError(f"Invalid user attributes: {problems}")
    required = [n for n in names if n == "sub" or (n in pool.schema and pool.schema[n].is_required)]
    if required:
        raise InvalidParameterError(f"Cannot delete required attribute {', '.join(required)}")


def _check(pool: Pool, attributes: Mapping[str, str], problems: list[str]) -> None:
    if "email" in attributes and attributes["email"] and not is_email(attributes["email"]):
        raise InvalidParameterError("Invalid email address format.")
    if attributes.get("phone_number") and not is_phone_number(attributes["phone_number"]):
        raise InvalidParameterError("Invalid phone number format.")
    found = [*problems, *_problems(pool, attributes)]
    if found:
        raise InvalidParameterError(f"Attributes did not conform to the schema: {''.join(found)}")


def _problems(pool: Pool, attributes: Mapping[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        attribute = _find(pool, name)
        if attribute is None:
            yield f"{name}: Attribute does not exist in the schema.\n"
        elif value and (problem := _problem(attribute, value)):
            yield f"{name}: {problem}\n"


def _problem(attribute: Attribute, value: str) -> str | None:
    if len(value) > _MAX_LENGTH:
        return f"Attribute length is more than {_MAX_LENGTH}"
    match attribute.data_type:
        case "Boolean":
            return None if value in ("true", "false") else "Attribute must be true or false"
        case "Number":
            if re.fullmatch(r"-?[0-9]+", value) is None:
                return "Attribute must be a number"
            size, word = int(value), "value"
        case _:
            size, word = len(value), "length"
    if attribute.minimum is not None and size < attribute.minimum:
        return f"Attribute {word} is less than {attribute.minimum}"
    if attribute.maximum is not None and size > attribute.maximum:
        return f"Attribute {word} is more than {attribute.maximum}"
    return None


def _find(pool: Pool, name: str) -> Attribute | None:
    return pool.schema.get(name) or _STANDARD.get(name)
