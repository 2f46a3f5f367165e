"""The rules for a user's fields."""

import re
import unicodedata

from lib.users.failures import FieldProblem

_SUB = re.compile(r"[!-~]{1,36}")
# BCP 47 ("en-GB"), and with "_" as some identity providers give it to Cognito.
_LOCALE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# The longest that mail can be sent to (RFC 5321, 4.5.3.1.3), the longest value of a Cognito attribute, the
# column's.
_LONGEST = {"email": 254, "name": 2048, "locale": 35}


def email_key(email: str) -> str:
    """The form in which e-mails are searched for: NFC, in lower case.

    Not more than that: with accents or compatible characters removed, addresses of different people would be
    one.
    """
    return unicodedata.normalize("NFC", email.strip()).lower()


def check_text(field: str, value: str | None) -> list[FieldProblem]:
    """Find what keeps a text from being stored; nothing keeps None."""
    if value is None:
        return []
    try:
        value.encode()
    except UnicodeEncodeError:  # JSON can spell half of a surrogate pair
        return [FieldProblem(field, "is not valid text")]
    longest = _LONGEST[field]
    too_long = FieldProblem(field, f"is longer than {longest} characters")
    return [too_long] if len(value) > longest else []


def check_sub(sub: str) -> list[FieldProblem]:
    """Find what is wrong with a `sub`, which is a UUID in Cognito."""
    wrong = FieldProblem("sub", "is not 1 to 36 ASCII characters without spaces")
    return [] if _SUB.fullmatch(sub) else [wrong]


def check_name(name: str | None) -> list[FieldProblem]:
    """Find what is wrong with a name that somebody types in."""
    if name is not None and not name.strip():
        return [FieldProblem("name", "is empty; use null to remove it")]
    if name is not None and _CONTROL.search(name):
        return [FieldProblem("name", "has control characters")]
    return check_text("name", name)


def check_locale(locale: str | None) -> list[FieldProblem]:
    """Find what is wrong with a locale."""
    if locale is not None and not _LOCALE.fullmatch(locale):
        return [FieldProblem("locale", "is not a language tag such as en-GB")]
    return check_text("locale", locale)
