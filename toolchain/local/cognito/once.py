"""Things that are given out under a name nobody can guess, and taken back once, within a time."""

import secrets
import threading
from dataclasses import dataclass

from toolchain.local.cognito.clock import Clock, is_near


@dataclass(frozen=True, slots=True)
class _Kept[T]:
    value: T
    since: float
    seconds: float

    def is_good(self, now: float) -> bool:
        return is_near(self.since, now, self.seconds)


class OnceStore[T]:
    """In memory: after a restart, who was in the middle of signing in begins again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept[T]] = {}

    def put(self, value: T, seconds: float, name: str | None = None) -> str:
        """Keep a value for a time; returns the name to take it with."""
        name = name or secrets.token_urlsafe(96)
        now = self._clock()
        with self._lock:
            self._kept[name] = _Kept(value, now, seconds)
            self._forget_expired(now)
        return name

    def take(self, name: str) -> T | None:
        """The value, once; None if it was taken, has expired or never was."""
        with self._lock:
            kept = self._kept.pop(name, None)
        return kept.value if kept and kept.is_good(self._clock()) else None

    def _forget_expired(self, now: float) -> None:
        """From the oldest on: most live equally long, so the first one alive ends the search."""
        while self._kept:
            oldest = next(iter(self._kept))
            if self._kept[oldest].is_good(now):
                return
            del self._kept[oldest]
