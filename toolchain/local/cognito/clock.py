"""The time, as an argument."""

from collections.abc import Callable

type Clock = Callable[[], float]
"""Seconds since 1970; processes pass time.time."""
