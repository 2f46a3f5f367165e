"""How many instances start for how many waiting requests."""

import pytest

from toolchain.local.workers.growth import Stock, learned, next_look, to_start

_COLD_START = 0.05


@pytest.mark.parametrize(
    ("case", "waits", "stock", "started"),
    [
        ("the first request", [0.0], Stock(0, 0, 4, 16), 1),
        ("nothing runs", [], Stock(0, 0, 4, 16), 1),
        ("one waits a moment", [0.001], Stock(1, 0, 4, 16), 0),
        ("a processor is free", [0.003], Stock(1, 0, 4, 16), 1),
        ("all processors are used", [0.003], Stock(4, 0, 4, 16), 0),
        ("one for each that waits, per processor", [0.003] * 9, Stock(1, 0, 4, 16), 3),
        ("one is coming already", [0.003], Stock(1, 1, 4, 16), 0),
        ("it waits as long as a cold start", [0.06], Stock(4, 0, 4, 16), 1),
        ("many wait as long", [0.06] * 8, Stock(5, 1, 4, 16), 3),
        ("all processors start instances", [0.06] * 8, Stock(8, 4, 4, 16), 0),
        ("no more than there may be", [0.06] * 20, Stock(14, 0, 4, 16), 2),
        ("there are as many as there may be", [9.0], Stock(16, 0, 4, 16), 0),
        ("reserved concurrency is below the processors", [0.003] * 3, Stock(1, 0, 4, 2), 1),
    ],
)
def test_instances_to_start(case: str, waits: list[float], stock: Stock, started: int) -> None:
    assert to_start(waits, stock, _COLD_START) == started, case


def test_next_look() -> None:
    """Often while more come early, seldom when they are expensive."""
    assert next_look(Stock(1, 0, 4, 16)) < next_look(Stock(4, 0, 4, 16)) <= _COLD_START


def test_cold_starts_are_learned() -> None:
    assert learned(0.1, 300.0) == pytest.approx(0.2)
