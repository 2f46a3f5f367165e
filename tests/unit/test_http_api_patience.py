"""The limit that all requests have in common."""

import asyncio

import pytest

from toolchain.local.http_api.patience import Patience


def test_what_takes_too_long_times_out_each_for_itself() -> None:
    async def wait(patience: Patience, seconds: float) -> str:
        try:
            with patience.limited():
                await asyncio.sleep(seconds)
        except TimeoutError:
            return "too long"
        return "in time"

    async def run() -> list[str]:
        patience = Patience(0.03)
        return await asyncio.gather(*(wait(patience, seconds) for seconds in (0.0, 60.0, 0.01, 60.0)))

    assert asyncio.run(run()) == ["in time", "too long", "in time", "too long"]


def test_a_task_that_somebody_else_cancels_is_cancelled() -> None:
    """It does not look as if it had taken too long."""

    async def run() -> None:
        async def wait() -> None:
            with Patience(60).limited():
                await asyncio.sleep(60)

        task = asyncio.create_task(wait())
        await asyncio.sleep(0.01)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


def test_a_task_goes_on_after_its_time_was_over() -> None:
    """Nothing of the cancellation is left."""

    async def run() -> int:
        task = asyncio.current_task()
        assert task
        with pytest.raises(TimeoutError), Patience(0.01).limited():
            await asyncio.sleep(60)
        await asyncio.sleep(0.02)
        return task.cancelling()

    assert asyncio.run(run()) == 0


def test_one_patience_serves_one_event_loop_after_the_other() -> None:
    patience = Patience(0.01)

    async def run() -> None:
        with patience.limited():
            await asyncio.sleep(60)

    for _ in range(2):
        with pytest.raises(TimeoutError):
            asyncio.run(run())
