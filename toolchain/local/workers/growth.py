"""When a waiting request gets an instance of its own, and when it waits for a busy one.

A cold start costs a processor for tens of milliseconds; a busy instance is often free in less than one. So:
up to one instance per processor come early, and beyond those a request waits about as long as a cold start
takes, which never costs more than twice the better choice. A function that sleeps, or waits for others,
still gets an instance for each concurrent request, as on Lambda; but no more of them start at once than there
are processors, as more would only slow each other down, and the requests that are served meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass

EARLY_SECONDS = 0.002
_LATE_SECONDS = 0.01
_LEARNING_RATE = 0.5


@dataclass(frozen=True, slots=True)
class Stock:
    """The instances of a function: all of them, those of them that start, and how many there may be."""

    instances: int
    starting: int
    processors: int
    maximum: int


def to_start(waits: Iterable[float], stock: Stock, cold_start_seconds: float) -> int:
    """How many instances to start for requests that have waited so many seconds."""
    patient = impatient = 0
    for waited in waits:
        patient += waited >= EARLY_SECONDS
        impatient += waited >= cold_start_seconds
    early = min(patient - stock.starting, stock.processors - stock.instances)
    late = min(impatient, stock.processors) - stock.starting
    first = 0 if stock.instances else 1
    return max(0, min(max(early, late, first), stock.maximum - stock.instances))


def next_look(stock: Stock) -> float:
    """In how many seconds to ask again, while requests wait."""
    return EARLY_SECONDS if stock.instances < stock.processors else _LATE_SECONDS


def learned(cold_start_seconds: float, init_ms: float) -> float:
    """What a cold start takes, in view of the latest."""
    return cold_start_seconds + _LEARNING_RATE * (init_ms / 1000 - cold_start_seconds)
