"""Time limits of everything that runs, with one timer for all of them.

Nearly every limit is lifted before it is reached, so a timer of its own is made and cancelled for nothing.
"""

import asyncio
from collections.abc import Callable


class Deadlines[T]:
    """Limits by what they limit; one each."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._limits: dict[T, tuple[float, Callable[[T], None]]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = 0.0

    def set(self, limited: T, seconds: float, then: Callable[[T], None]) -> None:
        """Call `then` if `lift` is not called in time."""
        at = self._loop.time() + seconds
        self._limits[limited] = at, then
        if self._timer is None or at < self._rings_at:
            self._wind(at)

    def lift(self, limited: T) -> None:
        self._limits.pop(limited, None)

    def _wind(self, at: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._rings_at = at
        self._timer = self._loop.call_at(at, self._ring)

    def _ring(self) -> None:
        """It may be early: the limit that it was wound for has been lifted, as a rule.

        What is called may set limits, which winds for those alone, or fail: the timer is wound for the rest.
        """
        self._timer = None
        now = self._loop.time()
        try:
            for limited, (at, then) in tuple(self._limits.items()):
                if at <= now and limited in self._limits:
                    del self._limits[limited]
                    then(limited)
        finally:
            if self._limits:
                self._wind(min(at for at, _ in self._limits.values()))
