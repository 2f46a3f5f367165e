"""SRP and one-time passwords: against vectors, and against the client's half as pycognito has it."""

import secrets

import pytest
from pycognito.aws_srp import AWSSRP

from toolchain.local.cognito import srp
from toolchain.local.cognito.powers import Powers
from toolchain.local.cognito.srp_timestamp import is_timestamp
from toolchain.local.cognito.totp import code_at, is_used, make_secret, matching_step

IDENTITY = srp.Identity("abcdefghi", "ada")
PASSWORD = "Correct-horse-1"


@pytest.mark.parametrize("first", [0x00, 0x01, 0x0F, 0x10, 0x7F, 0x80, 0xFF])
def test_salt_is_written_the_same_by_all_clients(first: int) -> None:
    """Never a leading zero digit, never a bit that would need padding."""
    salt = srp.make_salt(lambda size: bytes([first]) + bytes(size - 1))
    text = f"{salt:x}"
    assert len(text) == 32
    assert 0x10 <= int(text[:2], 16) <= 0x7F


def test_client_and_server_agree_on_the_key() -> None:
    """The client's half is pycognito's."""
    verifier = srp.make_verifier(IDENTITY, PASSWORD, srp.make_salt(secrets.token_bytes))
    client = AWSSRP("ada", PASSWORD, "eu-west-1_abcdefghi", "client", client=object())
    exchange = srp.begin(IDENTITY, verifier, f"{client.large_a_value:x}", secrets.token_bytes)
    assert exchange
    key = client.get_password_authentication_key(
        "ada", PASSWORD, int(exchange.server_value, 16), exchange.salt
    )
    assert bytes(key) == exchange.key


@pytest.mark.parametrize(
    ("password", "expected"), [(PASSWORD, True), ("correct-horse-1", False), ("", False)]
)
def test_password_is_recognised(password: str, expected: bool) -> None:  # noqa: FBT001  a column
    verifier = srp.make_verifier(IDENTITY, PASSWORD, 0x1234)
    assert srp.is_password(IDENTITY, password, verifier) is expected


def test_same_password_of_another_user_is_another_verifier() -> None:
    other = srp.Identity("abcdefghi", "eve")
    assert srp.make_verifier(IDENTITY, PASSWORD, 7) != srp.make_verifier(other, PASSWORD, 7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue Sep 5 07:08:09 UTC 2023", True),
        ("Tue Sep 5 07:08:09 GMT 2023", True),
        ("Thu Feb 29 23:59:59 UTC 2024", True),
        ("Fri Jan 1 00:00:00 UTC 2100", True),
        ("Tue Sep 05 07:08:09 UTC 2023", False),
        ("Tue Sep  5 07:08:09 UTC 2023", False),
        ("Mon Sep 5 07:08:09 UTC 2023", False),
        ("Wed Feb 30 07:08:09 UTC 2023", False),
        ("Tue Sep 5 7:08:09 UTC 2023", False),
        ("Tue Sep 5 24:08:09 UTC 2023", False),
        ("tue sep 5 07:08:09 utc 2023", False),
        ("Di Sep 5 07:08:09 UTC 2023", False),
        ("2023-09-05T07:08:09Z", False),
        ("Tue Sep 5 07:08:09 UTC 2023 ", False),
        ("Tue Sep \u0665 07:08:09 UTC 2023", False),
        ("", False),
    ],
)
def test_timestamp_is_as_cognito_writes_it(text: str, expected: bool) -> None:  # noqa: FBT001  a column
    """Clients that write Sep 05, or in their own language, can't sign in on AWS; any year will do."""
    assert is_timestamp(text) is expected


@pytest.mark.parametrize(
    ("step", "last_step", "expected"),
    [
        (100, 0, False),
        (100, 99, False),
        (99, 99, True),
        (100, 100, True),
        (101, 101, True),
        (99, 100, True),
        (100, 101, True),
        (100, 102, False),
        (100, 3000, False),
    ],
)
def test_code_is_used_once(step: int, last_step: int, expected: bool) -> None:  # noqa: FBT001  a column
    """The last two: no code of today was ever shown so late, so the clock was put back since."""
    assert is_used(step, last_step, 100 * 30 + 7.5) is expected


# RFC 6238, appendix B, SHA-1; its eight digits end with these six.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_one_time_passwords_are_those_of_the_rfc(seconds: int, code: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code_at(secret, seconds // 30) == code
    assert matching_step(secret, code, seconds) == seconds // 30


@pytest.mark.parametrize("code", ["", "abcdef", "1234567", "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert matching_step(make_secret(), code, 60.0) is None


@pytest.mark.parametrize("exponent", [0, 1, 31, 32, 2**40, 2**100 - 1, 3**80])
def test_powers_are_what_pow_says(exponent: int) -> None:
    modulus = 2**127 - 1
    assert Powers(7, modulus, 128).power(exponent) == pow(7, exponent, modulus)


@pytest.mark.parametrize("exponent", [-1, 2**130])
def test_powers_of_what_was_not_announced(exponent: int) -> None:
    with pytest.raises(ValueError, match="an exponent has 0 to 130 bits"):
        Powers(7, 2**127 - 1, 128).power(exponent)
