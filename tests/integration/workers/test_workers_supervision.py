"""Processes that are killed, and those that must not be left behind."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.workers.world import Workers, World, is_alive, parent_of, processes_below, until
from toolchain.local.invocation import ServiceError
from toolchain.local.workers.memory import resident_kb
from toolchain.local.workers.nursery import CAN_FORK
from toolchain.project import Project


def test_kill_of_a_busy_instance(world: World) -> None:
    """Its request fails; the next gets a new instance."""

    async def scenario(workers: Workers) -> None:
        pid = (await workers.result(do="about"))["pid"]
        call = asyncio.create_task(workers.error(do="sleep", seconds=2))
        await until(lambda: workers.log().count("START") == 2)
        os.kill(pid, signal.SIGKILL)
        error = await call
        assert error["errorType"] == "Runtime.ExitError"
        assert error["errorMessage"].endswith("Error: Runtime exited with error: signal: killed")
        assert (await workers.result(do="about"))["pid"] != pid

    world.run(scenario)


def test_kill_of_an_idle_instance_fails_nothing(world: World) -> None:
    """Not even the request that was on its way when the instance died."""

    async def scenario(workers: Workers) -> None:
        for _ in range(30):
            pid = (await workers.result(do="about"))["pid"]
            os.kill(pid, signal.SIGKILL)
            assert (await workers.result(do="about"))["pid"] != pid

    world.run(scenario)


@pytest.mark.skipif(not CAN_FORK, reason="elsewhere the system does not end children with their parent")
def test_kill_of_the_nursery(world: World) -> None:
    """It takes all instances with it; another is started."""

    async def scenario(workers: Workers) -> None:
        pid = (await workers.result(do="about"))["pid"]
        call = asyncio.create_task(workers.error(do="sleep", seconds=2))
        await until(lambda: workers.log().count("START") == 2)
        os.kill(parent_of(pid), signal.SIGKILL)
        assert (await call)["errorType"] == "Runtime.ExitError"
        assert (await workers.result(do="about"))["pid"] != pid
        await until(lambda: not is_alive(pid))

    world.run(scenario)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("fork", ["fork", "spawn"])
def test_end_of_the_server_leaves_no_process(
    checkout: Project, tmp_path: Path, number: signal.Signals, fork: str
) -> None:
    """Not one that is idle, nor one that never ends, nor what it started."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.workers.server", tmp_path, fork],
        cwd=checkout.root,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        assert server.stdout
        pids = {int(pid) for pid in server.stdout.readline().split()} | processes_below(server.pid)
        assert len(pids) >= 5
        server.send_signal(number)
    asyncio.run(until(lambda: not any(is_alive(pid) for pid in pids)))


def test_close_ends_everything(world: World, tmp_path: Path) -> None:
    """Calls that still wait are refused."""
    before = processes_below(os.getpid())

    async def run() -> None:
        async with world.open() as workers:
            file = tmp_path / "pid"
            call = asyncio.create_task(workers.invoke(do="spin", file=str(file)))
            await until(file.exists)
        with pytest.raises(ServiceError) as error:
            await call
        assert str(error.value) == "the local cloud is going down"

    asyncio.run(run())
    assert {pid for pid in processes_below(os.getpid()) - before if is_alive(pid)} == set()


def test_nothing_grows(world: World) -> None:
    """Thousands of requests, and instances that end in every way, leave as much open as there was."""
    before = processes_below(os.getpid())

    async def load(workers: Workers) -> None:
        for _ in range(100):
            await asyncio.gather(*(workers.result(do="echo") for _ in range(20)))
        for number in range(10):
            await workers.error(do="exit", status=number)
            await workers.error(do="die", signal=signal.SIGKILL)
            await workers.error(do="fail")
            world.handler.touch()
        await asyncio.gather(*(workers.result(do="sleep", seconds=0.2) for _ in range(8)))

    async def scenario(workers: Workers) -> None:
        counts = []
        for _ in range(3):
            await load(workers)
            world.handler.touch()
            await workers.result(do="echo")
            await until(
                lambda: len(processes_below(os.getpid()) - before) == len(["nursery", "instance", "ps"])
            )
            counts.append(_count_descriptors())
        assert len(set(counts)) == 1, counts

    world.run(scenario)


@pytest.mark.skipif(not CAN_FORK, reason="elsewhere the system does not tell the memory of a process")
def test_traces_take_no_memory(world: World) -> None:
    """Each request has another; what glibc's setenv would keep of these is 3 MB."""

    async def scenario(workers: Workers) -> None:
        pid = (await workers.result(do="about"))["pid"]
        before = resident_kb(pid)
        for number in range(4000):
            await workers.functions.invoke("worker", b"{}", trace=f"{number:0800}")
        assert resident_kb(pid) - before < 1000

    world.run(scenario)


def _count_descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())
