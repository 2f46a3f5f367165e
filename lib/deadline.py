"""How long the invocation may still take.

Lambda ends a function at its timeout without an answer to the client or a line in the log, so whatever waits
for others gives up shortly before.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from lib.context import LambdaContext

# What is left to roll back, to log and to answer.
_RESERVE_SECONDS = 0.5
# A timeout of zero would mean not to wait at all, not even for an answer that is there.
_SHORTEST_SECONDS = 0.05

_remaining_millis: ContextVar[Callable[[], int] | None] = ContextVar("remaining_millis", default=None)


@contextmanager
def deadline_of(context: LambdaContext) -> Iterator[None]:
    """Run what is inside within the invocation's time."""
    token = _remaining_millis.set(context.get_remaining_time_in_millis)
    try:
        yield
    finally:
        _remaining_millis.reset(token)


def at_most(seconds: float) -> float:
    """Shorten a wait to what the invocation has time for; outside of one it stays as long as it is."""
    remaining_millis = _remaining_millis.get()
    if remaining_millis is None:
        return seconds
    return max(min(seconds, remaining_millis() / 1000 - _RESERVE_SECONDS), _SHORTEST_SECONDS)
