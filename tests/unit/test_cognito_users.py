"""Users: their names and addresses, as they are stored, and the filters that find them."""

from typing import Any

import pytest

from tests.unit.cognito_fakes import USER, pool
from toolchain.local.cognito.attributes import is_email, is_phone_number
from toolchain.local.cognito.delivery import delivery_details
from toolchain.local.cognito.errors import InvalidParameterError
from toolchain.local.cognito.operations.list_users import parse_filter
from toolchain.local.cognito.registration import new_user
from toolchain.local.cognito.srp import Verifier
from toolchain.local.cognito.user import SoftwareToken, User, dump, load, logins


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"ada": "username"}),
        ({"UsernameAttributes": ["email"]}, {"ada": "username", "Ada@example.com": "email"}),
        ({"AliasAttributes": ["email"]}, {"ada": "username", "Ada@example.com": "email"}),
        ({"AliasAttributes": ["phone_number"]}, {"ada": "username"}),
        (
            {"AliasAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": False}},
            {"ada": "username", "ada@example.com": "email"},
        ),
    ],
)
def test_names_to_sign_in_with(settings: dict[str, Any], expected: dict[str, str]) -> None:
    assert logins(pool(**settings), USER) == expected


def test_user_is_the_same_after_the_store() -> None:
    user = User(
        **{name: getattr(USER, name) for name in ("pool_id", "username", "status", "attributes")},
        created_at=1.5,
        modified_at=2.5,
        password=Verifier(2**127, 2**3071),
        software_token=SoftwareToken("SECRET", is_verified=True, name="phone", last_step=5),
        pending={"email": "new@example.com"},
    )
    assert load(dump(user)) == user


@pytest.mark.parametrize(
    ("settings", "name", "message"),
    [
        ({"UsernameAttributes": ["email"]}, "ada", "Username should be an email."),
        ({"UsernameAttributes": ["phone_number"]}, "a@b.de", "Username should be a phone number."),
        (
            {"UsernameAttributes": ["phone_number", "email"]},
            "ada",
            "Username should be either an email or a phone number.",
        ),
        (
            {"AliasAttributes": ["email"]},
            "ada@example.com",
            "Username cannot be of email format, since user pool is configured for email alias.",
        ),
        (
            {},
            "two words",
            (
                "1 validation error detected: Value at 'username' failed to satisfy constraint:"
                " Member must have 1 to 128 characters, and no spaces"
            ),
        ),
    ],
)
def test_username_is_refused(settings: dict[str, Any], name: str, message: str) -> None:
    with pytest.raises(InvalidParameterError) as error:
        new_user(pool(**settings), name, {}, "UNCONFIRMED", 0.0)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("updated_at", "9" * 2048, None),
        ("updated_at", "9" * 5000, "Attribute length is more than 2048"),
        ("updated_at", "1.5", "Attribute must be a number"),
        ("nickname", "x" * 2049, "Attribute length is more than 2048"),
        ("birthdate", "x" * 11, "Attribute length is more than 10"),
    ],
)
def test_attributes_have_a_type_and_an_end(name: str, value: str, problem: str | None) -> None:
    """Python refuses to read numbers of more than 4,300 digits: longer ones are refused before."""
    if problem is None:
        assert new_user(pool(), "ada", {name: value}, "UNCONFIRMED", 0.0).attributes[name] == value
        return
    with pytest.raises(InvalidParameterError) as error:
        new_user(pool(), "ada", {name: value}, "UNCONFIRMED", 0.0)
    assert str(error.value) == f"Attributes did not conform to the schema: {name}: {problem}\n"


@pytest.mark.parametrize(
    ("text", "email", "phone"),
    [
        ("ada@example.com", True, False),
        ("ada+tag@sub.example.co", True, False),
        ("ada@example", False, False),
        ("a b@example.com", False, False),
        ("<ada@example.com>", False, False),
        ("+15555550100", False, True),
        ("15555550100", False, False),
        ("+1-555", False, False),
    ],
)
def test_addresses_are_told_apart(text: str, email: bool, phone: bool) -> None:  # noqa: FBT001  columns
    assert (is_email(text), is_phone_number(text)) == (email, phone)


def test_destinations_are_masked() -> None:
    assert delivery_details("phone_number", "+15555550100")["Destination"] == "+*******0100"


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ('name = "Ada"', True),
        ('name="Ada"', True),
        ('"name" ^= "A"', True),
        ('name = "ada"', False),
        ('status = "Enabled"', True),
        ('status = "enabled"', False),
        ('cognito:user_status = "CONFIRMED"', True),
        ('cognito:user_status = "confirmed"', True),
        ('cognito:user_status ^= "conf"', True),
        ('cognito:user_status = "unconfirmed"', False),
        ('sub = "5d1e8a3c"', True),
        ('given_name ^= "A"', False),
        (r'name = "A\da"', True),
    ],
)
def test_filter_finds_users(text: str, matches: bool) -> None:  # noqa: FBT001  a column
    assert parse_filter(text)(USER) is matches


@pytest.mark.parametrize("text", ["name", "name = Ada", 'name > "A"', 'name = "A" or', 'custom:x = "1"'])
def test_filter_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterError):
        parse_filter(text)
