"""Limits of time that share one timer."""

import asyncio

from toolchain.local.deadlines import Deadlines


def _after(seconds: float, *limits: tuple[str, float], lifted: tuple[str, ...] = ()) -> list[str]:
    """Which of the limits were reached by then, in their order."""
    reached: list[str] = []

    async def wait() -> None:
        deadlines = Deadlines[str](asyncio.get_running_loop())
        for name, limit in limits:
            deadlines.set(name, limit, reached.append)
        for name in lifted:
            deadlines.lift(name)
        await asyncio.sleep(seconds)

    asyncio.run(wait())
    return reached


def test_what_takes_too_long_is_told_the_shortest_limit_first() -> None:
    assert _after(0.08, ("late", 0.04), ("early", 0.01), ("never", 60)) == ["early", "late"]


def test_nothing_happens_before_its_time() -> None:
    assert _after(0.01, ("late", 60)) == []


def test_what_is_done_in_time_is_not_told() -> None:
    assert _after(0.05, ("one", 0.01), ("two", 0.02), lifted=("one", "never set")) == ["two"]


def test_a_limit_that_is_set_anew_counts_from_then() -> None:
    assert _after(0.05, ("one", 0.01), ("one", 60), ("two", 0.02)) == ["two"]


def test_reaching_a_limit_may_set_and_lift_others() -> None:
    """A limit that is set there doesn't hide one that was set before, whichever is shorter."""
    reached: list[str] = []

    async def wait() -> None:
        deadlines = Deadlines[str](asyncio.get_running_loop())

        def react(name: str) -> None:
            reached.append(name)
            deadlines.lift("two")
            deadlines.set("three", 0.01, reached.append)
            deadlines.set("never", 60, reached.append)

        def react_late(name: str) -> None:
            reached.append(name)
            deadlines.set("never", 60, reached.append)

        deadlines.set("one", 0.01, react)
        deadlines.set("two", 0.01, reached.append)
        deadlines.set("four", 0.03, react_late)
        deadlines.set("five", 0.05, reached.append)
        await asyncio.sleep(0.1)

    asyncio.run(wait())
    assert reached == ["one", "three", "four", "five"]


def test_what_fails_at_its_limit_takes_none_of_the_others_along() -> None:
    """Neither those that are due at the same time nor those of later."""
    reached: list[str] = []
    failed: list[object] = []

    def fail(name: str) -> None:
        raise RuntimeError(name)

    async def wait() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: failed.append(context["exception"]))
        deadlines = Deadlines[str](loop)
        deadlines.set("one", 0.01, fail)
        deadlines.set("two", 0.01, reached.append)
        deadlines.set("three", 0.02, reached.append)
        await asyncio.sleep(0.06)

    asyncio.run(wait())
    assert [repr(error) for error in failed] == ["RuntimeError('one')"]
    assert reached == ["two", "three"]
