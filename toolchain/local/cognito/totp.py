"""Time-based one-time passwords (RFC 6238): six digits, SHA-1, 30 seconds."""

import base64
import hmac
import secrets

_STEP_SECONDS = 30
_DIGITS = 6


def make_secret() -> str:
    """A secret for an authenticator app: 160 bits in base32, which needs no padding."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of a time step (RFC 4226, 5.3)."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def matching_step(secret: str, code: str, now: float) -> int | None:
    """The time step that a code is of: this one, or one before or after, for clocks that differ."""
    current = _step_at(now)
    for step in (current, current - 1, current + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode(errors="replace")):
            return step
    return None


def is_used(step: int, last_step: int, now: float) -> bool:
    """Whether a code may have been shown before: that of a step up to the last one that was (RFC 6238, 5.2).

    If no code of now can be that late, the clock was put back: what was shown before it says nothing.
    """
    return step <= last_step <= _step_at(now) + 1


def _step_at(now: float) -> int:
    return int(now) // _STEP_SECONDS
