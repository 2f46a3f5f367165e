"""Passwords: the pool's policy, temporary ones, and what is kept of them."""

import secrets
import string
from collections.abc import Iterator

from toolchain.local.cognito import srp
from toolchain.local.cognito.errors import InvalidPasswordError
from toolchain.local.cognito.pool import Pool

# https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
_SYMBOLS = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ")
_MAXIMUM_LENGTH = 256


def check_password(pool: Pool, password: str) -> None:
    """Raise InvalidPasswordError with the first rule of the pool's policy that is broken."""
    for problem in _problems(pool, password):
        raise InvalidPasswordError(f"Password did not conform with policy: {problem}")


def _problems(pool: Pool, password: str) -> Iterator[str]:
    policy = pool.password_policy
    if len(password) < int(policy.get("MinimumLength", 8)):
        yield "Password not long enough"
    if len(password) > _MAXIMUM_LENGTH:
        yield "Password must be at most 256 characters long"
    if password != password.strip():
        yield "Password must not begin or end with a space"
    rules = {
        "RequireUppercase": ("Password must have uppercase characters", str.isupper),
        "RequireLowercase": ("Password must have lowercase characters", str.islower),
        "RequireNumbers": ("Password must have numeric characters", str.isdecimal),
        "RequireSymbols": ("Password must have symbol characters", _SYMBOLS.__contains__),
    }
    for rule, (problem, has) in rules.items():
        if policy.get(rule, False) and not any(map(has, password)):
            yield problem


def keep_password(pool: Pool, username: str, password: str) -> srp.Verifier:
    """What is stored of a password: nothing it can be read from."""
    identity = srp.Identity(pool.short_name, username)
    return srp.make_verifier(identity, password, srp.make_salt(secrets.token_bytes))


def temporary_password(pool: Pool) -> str:
    """A password for somebody else, which every policy accepts."""
    length = max(12, int(pool.password_policy.get("MinimumLength", 8)))
    letters = string.ascii_letters + string.digits
    return "Aa1!" + "".join(secrets.choice(letters) for _ in range(length - 4))
