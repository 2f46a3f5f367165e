"""Guessing made slow: the lockout after wrong passwords, and limits on codes. In memory."""

import threading
from dataclasses import dataclass

from toolchain.local.cognito.clock import Clock, is_near
from toolchain.local.cognito.errors import LimitExceededError, NotAuthorizedError
from toolchain.local.cognito.user import User

_FREE_SIGN_INS = 5
_LONGEST_LOCKOUT_SECONDS = 15 * 60
_HOUR = 3600
# "between 5 and 20 requests to change or reset a password per hour", quotas page.
_CODES_PER_HOUR = 20
_GUESSES_PER_HOUR = 5
_MANY = 10_000  # from here on, what no longer matters is forgotten

type _Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    last_at: float
    locked_seconds: int


def _matters(failures: _Failures, now: float) -> bool:
    return is_near(failures.last_at, now, _LONGEST_LOCKOUT_SECONDS)


class Lockout:
    """After five wrong passwords a user is locked out for a second; each more doubles it, up to 15 minutes.

    A sign-in that succeeds, or 15 minutes without an attempt, starts anew; attempts during a lockout do
    not prolong it.
    https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: dict[_Key, _Failures] = {}

    def check(self, user: User) -> None:
        """Raise NotAuthorizedError while the user is locked out."""
        with self._lock:
            failures = self._failures.get(_key(user))
        if failures and is_near(failures.last_at, self._clock(), failures.locked_seconds):
            raise NotAuthorizedError("Password attempts exceeded")

    def fail(self, user: User) -> None:
        """Count a wrong password."""
        now = self._clock()
        with self._lock:
            before = self._failures.get(_key(user))
            count = before.count + 1 if before and _matters(before, now) else 1
            seconds = 0 if count < _FREE_SIGN_INS else min(2 ** (count - _FREE_SIGN_INS), 900)
            self._failures[_key(user)] = _Failures(count, now, seconds)
            if len(self._failures) > _MANY:
                self._failures = {key: kept for key, kept in self._failures.items() if _matters(kept, now)}

    def succeed(self, user: User) -> None:
        with self._lock:
            self._failures.pop(_key(user), None)


class Limits:
    """How often an hour codes are sent, and how often they may be wrong.

    AWS does not publish the numbers; it says LimitExceededException, "Attempt limit exceeded, please try
    after some time."
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._times: dict[_Key, list[float]] = {}
        self._remembered = _MANY

    def count_code(self, user: User, purpose: str) -> None:
        """Count a code that is about to be sent; raises LimitExceededError."""
        self._count((*_key(user), purpose, "sent"), _CODES_PER_HOUR)

    def check_guesses(self, user: User, purpose: str) -> None:
        """Raise LimitExceededError after too many wrong codes."""
        key = (*_key(user), purpose, "wrong")
        with self._lock:
            if len(self._recent(key)) >= _GUESSES_PER_HOUR:
                raise LimitExceededError

    def count_guess(self, user: User, purpose: str) -> None:
        """Count a wrong code."""
        key = (*_key(user), purpose, "wrong")
        with self._lock:
            self._add(key)

    def _count(self, key: _Key, limit: int) -> None:
        with self._lock:
            if len(self._recent(key)) >= limit:
                raise LimitExceededError
            self._add(key)

    def _add(self, key: _Key) -> None:
        self._times[key] = [*self._recent(key), self._clock()]
        if len(self._times) > 2 * self._remembered:
            self._times = {key: times for key in self._times if (times := self._recent(key))}
            self._remembered = max(_MANY, len(self._times))

    def _recent(self, key: _Key) -> list[float]:
        now = self._clock()
        return [time for time in self._times.get(key, ()) if is_near(time, now, _HOUR)]


def _key(user: User) -> _Key:
    return (user.pool_id, user.username)
