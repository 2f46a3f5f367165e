"""What may be written to a log: values without secrets and without personal data.

Two lines of defence: a value whose key says that it is secret is replaced, at any depth; then e-mail
addresses, JSON web tokens and the inputs that pydantic quotes are cut out of every text.
People are identified in logs by their `sub`, never by e-mail address or phone number.
"""

import functools
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date

REDACTED = "[redacted]"

# A key is secret when one of its words is: `accessToken`, `x-amz-security-token`, `DATABASE_PASSWORD`...
_SECRET_WORDS = frozenset(
    {
        *("authorization", "cookie", "cookies", "credential", "credentials", "jwt", "otp", "passphrase"),
        *("passwd", "password", "passwords", "secret", "secrets", "signature", "token", "tokens"),
        *("email", "emails", "phone"),
    }
)
# ... or when all of it is one of these: `code` alone opens an account, `status_code` is harmless.
_SECRET_KEYS = frozenset(
    {
        *("access_key", "api_key", "x_api_key", "private_key", "challenge_answer", "e_mail"),
        *("code", "code_parameter", "confirmation_code", "user_code", "verification_code"),
    }
)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# Texts come from clients, so no pattern may take quadratic time: a match starts where its run of characters
# does, and quantifiers give nothing back.
_IN_TEXT = (
    (re.compile(r"(?<![\w.+%-])[\w.+%-]++@[\w-]++(?:\.[\w-]++)++"), "[e-mail]"),
    (re.compile(r"(?<![\w-])((?:(?!\beyJ)[\w-])*+)eyJ[\w-]++\.[\w-]++\.[\w-]*+"), r"\1[token]"),
    (re.compile(r"input_value=(?:(?!, input_type=).)*+"), f"input_value={REDACTED}"),
)
_EVENT_KEYS = frozenset({"requestContext", "triggerSource"})
_MAX_DEPTH = 12
_MAX_LENGTH = 16_384
_LAST_WORD = re.compile(r"(?<!\S)\S*+\Z")


@functools.lru_cache(maxsize=1024)
def is_secret(key: str) -> bool:
    """Whether a value under this key is kept out of logs.

    >>> [key for key in ("idToken", "status_code", "code", "sub") if is_secret(key)]
    ['idToken', 'code']
    """
    words = [word.lower() for word in _WORDS.findall(key)]
    return not _SECRET_WORDS.isdisjoint(words) or "_".join(words) in _SECRET_KEYS


def redact(value: object, *, depth: int = 0) -> object:
    """The value made of JSON's types, without what is secret in it.

    An event of API Gateway or Cognito is left out as a whole, and so is what is not plain data.
    """
    if depth > _MAX_DEPTH:
        return "[too deep]"
    if isinstance(value, Mapping):
        return _redact_mapping(value, depth)
    if isinstance(value, list | tuple | AbstractSet):
        return [redact(item, depth=depth + 1) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _redact_mapping({each.name: getattr(value, each.name) for each in fields(value)}, depth)
    return _redact_scalar(value)


def redact_text(text: str) -> str:
    """The text without e-mail addresses, tokens and quoted inputs; only the start of a very long one."""
    if len(text) > _MAX_LENGTH:
        # Half of an address or of a token would not be recognized, so the last word goes as a whole.
        text = _LAST_WORD.sub("[cut]", text[:_MAX_LENGTH])
    for pattern, replacement in _IN_TEXT:
        text = pattern.sub(replacement, text)
    return text


def _redact_mapping(values: Mapping[object, object], depth: int) -> object:
    if not _EVENT_KEYS.isdisjoint(values):
        return "[event]"
    return {
        redact_text(str(key)): REDACTED if is_secret(str(key)) else redact(value, depth=depth + 1)
        for key, value in values.items()
    }


def _redact_scalar(value: object) -> object:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return redact_text(value)
        case date():
            return value.isoformat()
        case BaseException():
            return redact_text(f"{type(value).__name__}: {value}")
    return f"[{type(value).__name__}]"
