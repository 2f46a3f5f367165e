"""Things that are kept to be taken once: they expire, and are forgotten."""

import pytest

from tests.unit.cognito_fakes import Clock
from toolchain.local.cognito.once import OnceStore


def test_kept_thing_is_taken_once() -> None:
    store: OnceStore[str] = OnceStore(Clock())
    name = store.put("value", 10)
    assert (store.take(name), store.take(name), store.take("other")) == ("value", None, None)


def test_kept_thing_expires_and_is_forgotten() -> None:
    clock = Clock()
    store: OnceStore[str] = OnceStore(clock)
    first = store.put("value", 10)
    clock.now += 10
    assert store.take(first) is None
    store.put("value", 10, "kept")
    clock.now += 11
    store.put("other", 10)
    assert store.take("kept") is None


@pytest.mark.parametrize(
    ("moved_seconds", "value"),
    [(0.0, "value"), (9.999, "value"), (10.0, None), (-0.5, "value"), (-9.999, "value"), (-10.0, None)],
)
def test_kept_thing_when_the_clock_was_moved(moved_seconds: float, value: str | None) -> None:
    """Put back by more than its time, it has expired, too, rather than to be good for the difference."""
    clock = Clock()
    store: OnceStore[str] = OnceStore(clock)
    name = store.put("value", 10)
    clock.now += moved_seconds
    assert store.take(name) == value


def test_kept_things_from_before_the_clock_was_put_back_are_forgotten() -> None:
    """Or a day's worth of them would stay until the clock is there again."""
    clock = Clock(100_000.0)
    store: OnceStore[str] = OnceStore(clock)
    for _ in range(100):
        store.put("value", 10)
    clock.now -= 86_400
    for _ in range(100):
        clock.now += 1
        store.put("value", 10)
    assert len(store._kept) <= 10  # noqa: SLF001  what is not kept can't be seen otherwise
