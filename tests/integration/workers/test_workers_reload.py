"""Edits of source, while the function runs."""

import asyncio
import json
import os

import pytest

from tests.integration.workers.world import Workers, World, is_alive, until

_VERSION = "def handler(event, context): return {}"


async def _answer(workers: Workers) -> object:
    return json.loads((await workers.invoke()).payload)


def test_every_edit_counts_at_once(world: World) -> None:
    """Though it is as large and as old as the source before, and comes within the same moment."""

    async def scenario(workers: Workers) -> None:
        for number in range(20):
            await workers.save(_VERSION.format(number % 10))
            await asyncio.to_thread(os.utime, world.handler, (1_700_000_000,) * 2)
            assert await _answer(workers) == number % 10

    world.run(scenario)
    assert not list(world.root.rglob("__pycache__"))


def test_edits_under_load_are_never_missed(world: World) -> None:
    """Whoever asks after a save gets what was saved, or something newer."""
    world.handler.write_text(_VERSION.format(0))

    async def scenario(workers: Workers) -> None:
        saved = 0

        async def ask() -> None:
            while saved < 15:
                before = saved
                answer = await _answer(workers)
                assert isinstance(answer, int)
                assert answer >= before

        asking = [asyncio.create_task(ask()) for _ in range(8)]
        for number in range(1, 16):
            await workers.save(_VERSION.format(number))
            saved = number
            await asyncio.sleep(0.05)
        await asyncio.gather(*asking)

    world.run(scenario)


def test_edit_of_lib(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        assert (await workers.result())["greeting"] == "hello"
        await asyncio.to_thread((world.root / "lib" / "words.py").write_text, 'GREETING = "salve"\n')
        assert (await workers.result())["greeting"] == "salve"

    world.run(scenario)


def test_broken_source_is_mended_by_the_next_save(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        assert await workers.result()
        good = world.handler.read_text()
        await workers.save("def handler(event, context) return 1")
        error = await workers.error()
        assert error["errorType"] == "Runtime.UserCodeSyntaxError"
        assert "[ERROR] Runtime.UserCodeSyntaxError: Syntax error in module" in workers.log()
        await workers.save(good)
        assert await workers.result()

    world.run(scenario)


def test_busy_instance_answers_and_is_not_used_again(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        call = asyncio.create_task(workers.invoke(do="sleep", seconds=0.5))
        await until(lambda: "START" in workers.log())
        await workers.save(_VERSION.format(2))
        assert await _answer(workers) == 2
        old = json.loads((await call).payload)
        assert isinstance(old, int)
        assert await _answer(workers) == 2
        await until(lambda: not is_alive(old))

    world.run(scenario)


def test_new_instance_starts_before_it_is_asked_for(world: World) -> None:
    """And when the save broke the source, the log has the reason already."""

    async def scenario(workers: Workers) -> None:
        pid = (await workers.result(do="about"))["pid"]
        await workers.save("print('saved')\n" + _VERSION.format(1))
        await until(lambda: "saved" in workers.log())
        assert not is_alive(pid)
        await workers.save("import missing")
        await until(lambda: "Runtime.ImportModuleError" in workers.log())

    world.run(scenario)


def test_function_that_nobody_used_is_not_started(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        await workers.save("print('saved')\n" + _VERSION.format(1))
        await asyncio.sleep(0.6)
        assert workers.log() == ""

    world.run(scenario)


def test_edit_while_an_instance_starts(world: World) -> None:
    """It may have read the old source; the request waits for one that has not."""
    world.handler.write_text("import time; time.sleep(0.3)\n" + _VERSION.format(1))

    async def scenario(workers: Workers) -> None:
        first = asyncio.create_task(_answer(workers))
        await asyncio.sleep(0.15)
        await workers.save(_VERSION.format(2))
        assert await _answer(workers) == 2
        assert await first == 2

    world.run(scenario)


@pytest.mark.parametrize("name", ["handler.py~", ".handler.py.swp", "__pycache__/handler.cpython-313.pyc"])
def test_what_editors_leave_restarts_nothing(world: World, name: str) -> None:
    path = world.handler.parent / name
    path.parent.mkdir(exist_ok=True)

    async def scenario(workers: Workers) -> None:
        pid = (await workers.result(do="about"))["pid"]
        path.write_text("")
        assert (await workers.result(do="about"))["pid"] == pid

    world.run(scenario)
