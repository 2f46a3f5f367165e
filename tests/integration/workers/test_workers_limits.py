"""Much at once, large things, and instances that come and go."""

import asyncio

import pytest

from tests.integration.workers.world import Workers, World, is_alive, until
from toolchain.local.invocation import (
    FunctionNotFoundError,
    RequestTooLargeError,
    TooManyRequestsError,
)
from toolchain.local.workers.machine import Limits

_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def test_100_mb_of_prints(world: World) -> None:
    """They neither block the function nor fill the disk."""

    async def scenario(workers: Workers) -> None:
        invocation = await workers.invoke(do="print_much", kilobytes=100_000)
        assert invocation.error is None
        assert len(invocation.log_tail) == 4096
        workers.machine.logs.flush()
        assert sum(path.stat().st_size for path in (world.root / "logs").iterdir()) < 50_000_000

    world.run(scenario, world.code(timeout_seconds=30))


def test_large_events_and_results(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        event = {"do": "echo", "text": "ü" * 900_000}
        assert (await workers.result(**event))["event"] == event
        assert await workers.result(do="return_much", bytes=6_000_000) == "x" * 6_000_000
        with pytest.raises(RequestTooLargeError) as error:
            await workers.invoke(text="x" * 6_291_456)
        assert str(error.value) == (
            "6291468 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)"
        )

    world.run(scenario)


def test_concurrent_requests_have_a_process_each(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        pids = await asyncio.gather(*(workers.result(do="sleep", seconds=0.5) for _ in range(6)))
        assert len(set(pids)) == 6

    world.run(scenario)


def test_reserved_concurrency(world: World) -> None:
    """Of all versions together; 0 stops the function."""

    async def scenario(workers: Workers) -> None:
        workers.registry.register(world.code(version="1", reserved_concurrency=2))
        first = asyncio.create_task(workers.invoke(do="sleep", seconds=1))
        second = asyncio.create_task(workers.functions.invoke("worker:1", b'{"do": "sleep", "seconds": 1}'))
        await asyncio.sleep(0.1)
        with pytest.raises(TooManyRequestsError) as error:
            await workers.invoke()
        assert (str(error.value), error.value.reason) == (
            "Rate Exceeded.",
            "ReservedFunctionConcurrentInvocationLimitExceeded",
        )
        assert [(await call).error for call in (first, second)] == [None, None]
        assert await workers.result()
        workers.registry.register(world.code(reserved_concurrency=0))
        with pytest.raises(TooManyRequestsError):
            await workers.invoke()

    world.run(scenario, world.code(reserved_concurrency=2))


def test_requests_wait_for_a_limit_of_this_machine(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        await asyncio.gather(*(workers.result(do="sleep", seconds=0.2) for _ in range(4)))

    world.run(scenario, limits=Limits(instances=1, queue_seconds=60))


def test_requests_do_not_wait_for_ever(world: World) -> None:
    """Who finds no instance in time is told so."""

    async def scenario(workers: Workers) -> None:
        await _warm(workers)
        begun = workers.log().count("START")
        long = asyncio.create_task(workers.result(do="sleep", seconds=4))
        await until(lambda: workers.log().count("START") > begun)
        with pytest.raises(TooManyRequestsError) as refusal:
            await workers.invoke(do="echo")
        assert refusal.value.reason == "ConcurrentInvocationLimitExceeded"
        assert not long.done()
        await long

    world.run(scenario, world.code(timeout_seconds=30), limits=Limits(instances=1, queue_seconds=0.3))


async def _warm(workers: Workers) -> None:
    """Have an instance, though it may take longer to start than a request waits."""
    for _ in range(100):
        try:
            await workers.result(do="echo")
        except TooManyRequestsError:
            continue
        return


def test_caller_that_goes_away_stops_nothing(world: World) -> None:
    """The function runs on, as on AWS, and its instance is good for more."""

    async def scenario(workers: Workers) -> None:
        pid = (await workers.result(do="about"))["pid"]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(workers.invoke(do="sleep", seconds=0.3), 0.05)
        await until(lambda: workers.log().count("REPORT") == 2)
        assert (await workers.result(do="about"))["pid"] == pid

    world.run(scenario)


def test_idle_instances_are_ended(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        pid = (await workers.result(do="about"))["pid"]
        await until(lambda: not is_alive(pid))
        assert (await workers.result(do="about"))["pid"] != pid

    world.run(scenario, limits=Limits(idle_seconds=0.1))


def test_function_that_is_not_there(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        with pytest.raises(FunctionNotFoundError):
            await workers.functions.invoke("other", b"{}")

    world.run(scenario)


def test_function_that_is_removed(world: World) -> None:
    """Its instances are ended; one that is busy answers first."""

    async def scenario(workers: Workers) -> None:
        pid = (await workers.result(do="about"))["pid"]
        call = asyncio.create_task(workers.invoke(do="sleep", seconds=1))
        await asyncio.sleep(0.1)
        workers.registry.remove("worker")
        assert (await call).error is None
        await until(lambda: not is_alive(pid))

    world.run(scenario)
