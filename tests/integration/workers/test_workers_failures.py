"""What callers are told when a function fails, ends, or takes too long or too much."""

import asyncio
import json
import re
import signal
from pathlib import Path

import pytest

from tests.integration.workers.world import Workers, World, is_alive, until
from toolchain.local.workers.machine import Limits

_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.mark.parametrize(
    ("event", "error_type", "message"),
    [
        ({"do": "fail"}, "LookupError", "no such account"),
        ({"do": "return_set"}, "Runtime.MarshalError", "Unable to marshal response: .*"),
        (
            {"do": "return_much", "bytes": 6_291_556},
            "Function.ResponseSizeTooLarge",
            r"Response payload size exceeded maximum allowed payload size \(6291556 bytes\)\.",
        ),
        (
            {"do": "exit", "status": 3},
            "Runtime.ExitError",
            f"RequestId: {_ID} Error: Runtime exited with error: exit status 3",
        ),
        (
            {"do": "exit", "status": 0},
            "Runtime.ExitError",
            f"RequestId: {_ID} Error: Runtime exited without providing a reason",
        ),
        (
            {"do": "die", "signal": signal.SIGKILL},
            "Runtime.ExitError",
            f"RequestId: {_ID} Error: Runtime exited with error: signal: killed",
        ),
        (
            {"do": "sleep", "seconds": 30},
            "Sandbox.Timedout",
            rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z {_ID} Task timed out after 1\.00 seconds",
        ),
        (
            {"do": "close_everything"},
            "Runtime.ExitError",
            f"RequestId: {_ID} Error: Runtime exited with error: signal: killed",
        ),
    ],
    ids=lambda value: str(value.get("do")) if isinstance(value, dict) else "",
)
def test_failures(world: World, event: dict[str, object], error_type: str, message: str) -> None:
    """The caller is told Lambda's words; the next request is served."""
    timeout_seconds = 20 if event["do"] == "close_everything" else 1

    async def scenario(workers: Workers) -> None:
        error = await workers.error(**event)
        assert error["errorType"] == error_type
        assert re.fullmatch(message, error["errorMessage"]), error["errorMessage"]
        assert await workers.result(do="echo")

    world.run(scenario, world.code(timeout_seconds=timeout_seconds))


def test_exception_leaves_its_traceback(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        error = await workers.error(do="fail")
        assert [line.splitlines()[-1].strip() for line in error["stackTrace"]] == [
            'return globals()[event.get("do", "echo")](event, context)',
            'raise LookupError("no such account")',
        ]
        assert "[ERROR] LookupError: no such account\rTraceback (most recent call last):\r" in workers.log()

    world.run(scenario)


@pytest.mark.parametrize(
    ("source", "error_type", "message"),
    [
        (
            "import missing",
            "Runtime.ImportModuleError",
            "Unable to import module '{}': No module named 'missing'",
        ),
        ("def handler(", "Runtime.UserCodeSyntaxError", "'(' was never closed (handler.py, line 1)"),
        ("", "Runtime.HandlerNotFound", "Handler 'handler' missing on module '{}'"),
        ("raise KeyError('orders')", "KeyError", "'orders'"),
        ("import sys; sys.exit(5)", "Runtime.ExitError", "Runtime exited with error: exit status 5"),
    ],
)
def test_handler_that_cannot_be_imported(world: World, source: str, error_type: str, message: str) -> None:
    """Each request tries again, and has the error and the log of its own attempt."""
    world.handler.write_text(source)

    async def scenario(workers: Workers) -> None:
        for _ in range(2):
            invocation = await workers.invoke()
            error = json.loads(invocation.payload)
            assert (invocation.error, error["errorType"]) == ("Unhandled", error_type)
            assert message.format("functions.worker.handler") in error["errorMessage"]
            tail = invocation.log_tail.decode()
            assert f"Phase: init\tStatus: error\tError Type: {error_type}\n" in tail
            assert f"START RequestId: {invocation.request_id} Version: $LATEST\n" in tail

    world.run(scenario)


def test_import_that_never_ends(world: World) -> None:
    world.handler.write_text("import time; time.sleep(60)")

    async def scenario(workers: Workers) -> None:
        error = await workers.error()
        assert error["errorMessage"].endswith("Task timed out after 2.00 seconds")
        assert "Phase: init\tStatus: timeout\n" in workers.log()

    world.run(scenario, limits=Limits(init_seconds=0.1))


def test_timeout_ends_the_functions_processes_too(world: World, tmp_path: Path) -> None:
    file = tmp_path / "pids"

    async def scenario(workers: Workers) -> None:
        error = await workers.error(do="start_process", file=str(file), seconds=60)
        assert error["errorType"] == "Sandbox.Timedout"
        assert "Status: timeout\n" in workers.log()
        pids = [int(pid) for pid in file.read_text().split()]
        await until(lambda: not any(is_alive(pid) for pid in pids))

    world.run(scenario, world.code(timeout_seconds=1))


@pytest.mark.parametrize(
    "event", [{"megabytes": 400, "pause": 0.005}, {"megabytes": 160}], ids=["slow", "quick"]
)
def test_memory_limit(world: World, event: dict[str, object]) -> None:
    """Also for one that has given back what it took, by the time it answers."""

    async def scenario(workers: Workers) -> None:
        invocation = await workers.invoke(do="take_memory", **event)
        assert json.loads(invocation.payload)["errorType"] == "Runtime.OutOfMemory"
        assert invocation.max_memory_mb == 128
        assert "Status: error\tError Type: Runtime.OutOfMemory\n" in workers.log()
        assert await workers.result(do="take_memory", megabytes=20) == "done"

    world.run(scenario, world.code(memory_mb=128, timeout_seconds=20))


def test_an_answer_after_its_request_was_given_up(world: World) -> None:
    """It may be on its way while the instance is killed, which then gets no other request."""

    async def scenario(workers: Workers) -> None:
        await workers.result(do="echo")
        [pool] = workers.functions._pools.values()  # noqa: SLF001 - nothing else can time this
        [instance] = pool._instances  # noqa: SLF001
        pool.discard(instance)
        pool.release(instance)
        call = asyncio.create_task(workers.result(do="echo"))
        await asyncio.sleep(0)
        assert instance.request is None
        await call

    world.run(scenario)
