"""Says that functions fail, where `up` runs: else one has to know which log to look into."""

import json
import time
from collections.abc import Callable

_SECONDS = 1.0
"""A function is named once in so many: under load, each request may fail."""
_LONGEST = 200


class Failures:
    """Takes what goes wrong. Lives in one event loop."""

    def __init__(self, say: Callable[[str], None], ticks: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._ticks = ticks
        self._said_at: dict[str, float] = {}

    def failed(self, function: str, error: bytes) -> None:
        """A function ended with an error, as Lambda puts it: `{"errorType": ..., "errorMessage": ...}`."""
        self._tell(function, f"{function} failed: {_describe(error)}")

    def answered(self, request: str, function: str, status: int) -> None:
        """A function answered a request, such as `GET /me`, with the status of an error of its own."""
        self._tell(function, f"{function} answered {request} with {status}")

    def _tell(self, function: str, what: str) -> None:
        now = self._ticks()
        if now - self._said_at.get(function, -_SECONDS) >= _SECONDS:
            self._said_at[function] = now
            self._say(f"{what}; see `invoke logs {function}`")


def _describe(error: bytes) -> str:
    """`ValueError: no such account`, on one line."""
    found = json.loads(error)
    words = (found.get("errorType"), found.get("errorMessage"))
    text = ": ".join(str(word) for word in words if word)
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
