"""The time, as an argument; and what is near it, for a clock that may be set."""

from collections.abc import Callable

type Clock = Callable[[], float]
"""Seconds since 1970; processes pass time.time."""


def is_near(moment: float, now: float, seconds: float) -> bool:
    """Whether a moment that has been is less than so many seconds from now.

    It lies ahead if the clock was put back since. Counted in either direction, what should last for minutes
    never lasts until the clock is there again, and a correction by parts of a second ends nothing. Time
    during which the machine slept counts, as it does on AWS.
    """
    return abs(now - moment) < seconds
