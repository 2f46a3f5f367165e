"""Rules for users' fields, and the texts that lists are made of."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from lib.users import FieldProblem, User
from lib.users.fields import check_locale, check_name, check_sub, check_text, email_key
from lib.users.listing import decode_cursor, encode_cursor, prefix_pattern


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        (" ada@example.com ", "ada@example.com"),
        ("e\N{COMBINING ACUTE ACCENT}@x.org", "é@x.org"),
        ("STRASSE@x.org", "strasse@x.org"),
        ("straße@x.org", "straße@x.org"),
        ("ﬁ@x.org", "ﬁ@x.org"),
    ],
)
def test_email_key(email: str, key: str) -> None:
    """Case and composition don't matter; ß is not ss, since those may be two people."""
    assert email_key(email) == key


@pytest.mark.parametrize(
    ("check", "value", "problems"),
    [
        (check_name, "Ada 👩🏽‍🚀", []),
        (check_name, None, []),
        (check_name, " ", ["name is empty; use null to remove it"]),
        (check_name, "Ada\nLovelace", ["name has control characters"]),
        (check_name, "Ada\x00", ["name has control characters"]),
        (check_name, "\ud83d", ["name is not valid text"]),
        (check_name, "n" * 2049, ["name is longer than 2048 characters"]),
        (check_locale, "en-GB", []),
        (check_locale, "zh_Hant_TW", []),
        (check_locale, None, []),
        (check_locale, "", ["locale is not a language tag such as en-GB"]),
        (check_locale, "english please", ["locale is not a language tag such as en-GB"]),
        (check_locale, "en-GB\n", ["locale is not a language tag such as en-GB"]),
        (check_locale, "en" + "-abcdefgh" * 4, ["locale is longer than 35 characters"]),
        (check_sub, "5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10", []),
        (check_sub, "", ["sub is not 1 to 36 ASCII characters without spaces"]),
        (check_sub, "x" * 37, ["sub is not 1 to 36 ASCII characters without spaces"]),
        (check_sub, "a ", ["sub is not 1 to 36 ASCII characters without spaces"]),
        (check_sub, "é", ["sub is not 1 to 36 ASCII characters without spaces"]),
    ],
)
def test_fields(
    check: Callable[[str | None], list[FieldProblem]], value: str | None, problems: list[str]
) -> None:
    """A message names the field and the rule, never the value."""
    assert [str(problem) for problem in check(value)] == problems


def test_email_length() -> None:
    """Longer ones can't be sent to (RFC 5321)."""
    assert check_text("email", "e" * 254) == []
    assert check_text("email", "e" * 255) == [FieldProblem("email", "is longer than 254 characters")]


def test_a_pattern_has_no_other_wildcards() -> None:
    assert prefix_pattern("50%_a|b\\") == "50|%|_a||b\\%"


@pytest.mark.parametrize("year", [1900, 1970, 2026, 9999])
def test_a_cursor_leads_back_to_its_user(year: int) -> None:
    """To the microsecond, before 1970 too; and it needs no escaping in a URL."""
    created_at = datetime(year, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    user = User("5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10", None, None, None, created_at, created_at, None)
    cursor = encode_cursor(user)
    assert decode_cursor(cursor) == (created_at, user.sub)
    assert cursor.replace("-", "").replace("_", "").isalnum()
