"""Requests in real processes: what a function finds, returns and prints."""

import json
import re
import subprocess
import sys
import sysconfig

import pytest

from tests.integration.workers.world import Workers, World

_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.mark.parametrize("fork", [True, False], ids=["fork", "spawn"])
def test_cold_and_warm(world: World, fork: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A first request starts an instance, and a second finds it; however processes are started."""

    async def scenario(workers: Workers) -> None:
        cold, warm = await workers.invoke(do="about"), await workers.invoke(do="about")
        first, second = json.loads(cold.payload), json.loads(warm.payload)
        assert (first["id"], second["id"]) == (cold.request_id, warm.request_id)
        assert (first["requests"], second["requests"]) == (1, 2)
        assert first["pid"] == second["pid"]
        assert cold.init_ms
        assert warm.init_ms is None
        assert cold.billed_ms > cold.init_ms
        assert 5 < (cold.max_memory_mb or 0) < 100

    world.run(scenario, fork=fork)


def test_context(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        workers.registry.point("worker", "live", "7")
        invocation = await workers.functions.invoke(
            "worker:live",
            b'{"do": "describe_context"}',
            client_context=b'{"custom": {"a": "\\n"}}',
            trace="Root=1-2-3",
        )
        assert invocation.version == "7"
        assert json.loads(invocation.payload) == {
            "arn": "arn:aws:lambda:eu-west-1:123456789012:function:worker:live",
            "name": "worker",
            "version": "7",
            "memory": "256",
            "remaining": True,
            "stream": True,
            "custom": {"a": "\n"},
            "trace": "Root=1-2-3",
            "type": "awslambdaric.lambda_context",
        }

    environment = {**world.code().environment, "AWS_LAMBDA_FUNCTION_VERSION": "7"}
    world.run(scenario, world.code(version="7", environment=environment))


def test_surroundings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the server: not its variables, packages, descriptors or standard input."""
    monkeypatch.setenv("SECRET", "of the shell")

    async def scenario(workers: Workers) -> None:
        found = await workers.result(do="surroundings")
        stream = found["variables"].pop("AWS_LAMBDA_LOG_STREAM_NAME")
        assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
        assert found["variables"].pop("_X_AMZN_TRACE_ID").endswith(";Sampled=0")
        assert found["variables"] == world.code().environment
        assert found["directory"] == str(world.root)
        assert found["arguments"] == ["functions.worker.handler.handler"]
        assert (found["timezone"], found["threads"], found["stdin"]) == ("UTC", 1, "")
        assert not [entry for entry in found["path"] if "site-packages" in entry]
        assert len(found["descriptors"]) == 5, "the streams, the connection, and the listing itself"

    world.run(scenario)


@pytest.mark.parametrize("fork", [True, False], ids=["fork", "spawn"])
def test_trace(world: World, fork: bool) -> None:  # noqa: FBT001 - a parameter of the test
    async def scenario(workers: Workers) -> None:
        for trace in ("Root=1-2-3", "Root=1-2", f"Root={'4' * 2000}"):
            answer = await workers.functions.invoke("worker", b'{"do": "trace"}', trace=trace)
            assert json.loads(answer.payload) == [trace, trace]

    world.run(scenario, fork=fork)


def test_no_more_is_loaded_than_on_lambda(world: World) -> None:
    """Else `import concurrent; concurrent.futures.Future` would work here, and fail there."""
    runtime = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _IMPORTS_OF_THE_RUNTIME, sysconfig.get_path("purelib")],
        capture_output=True,
        text=True,
        check=True,
    )

    async def scenario(workers: Workers) -> None:
        here = await workers.result(do="modules_before")
        public = {name for name in here if "." in name and "._" not in name}
        extra = public - {*runtime.stdout.split(), "awslambdaric.lambda_literals"}
        assert extra == {"functions.worker", "functions.worker.handler", "importlib.machinery"}

    world.run(scenario)


_IMPORTS_OF_THE_RUNTIME = """
import sys, types
sys.path.append(sys.argv[1])
sys.modules["runtime_client"] = types.ModuleType("runtime_client")
sys.modules["runtime_client"].initialize_client = lambda _: None
from awslambdaric.bootstrap import run
from awslambdaric.lambda_runtime_client import LambdaRuntimeClient
LambdaRuntimeClient("", True)
print(*sys.modules)
"""


@pytest.mark.parametrize("module", ["boto3", "lib.words", "functions.worker", "awslambdaric"])
def test_importable(world: World, module: str) -> None:
    async def scenario(workers: Workers) -> None:
        assert await workers.result(do="import_module", name=module)

    world.run(scenario)


@pytest.mark.parametrize("module", ["pydantic", "toolchain", "functions.other", "tasks"])
def test_not_importable(world: World, module: str) -> None:
    """What the server, .venv or the checkout has, and a zip would not."""
    (world.root / "functions" / "other").mkdir()
    (world.root / "tasks.py").touch()

    async def scenario(workers: Workers) -> None:
        error = await workers.error(do="import_module", name=module)
        assert (error["errorType"], error["errorMessage"]) == (
            "ModuleNotFoundError",
            f"No module named '{module}'",
        )

    world.run(scenario)


def test_log(world: World) -> None:
    """As CloudWatch has it, and as LogType=Tail gives its end."""

    async def scenario(workers: Workers) -> None:
        invocation = await workers.invoke(do="speak")
        lines = [
            "imported",
            rf"START RequestId: {_ID} Version: \$LATEST",
            "printed",
            "to stderr",
            "by a process",
            rf"\[WARNING\]\t\S+Z\t{invocation.request_id}\tlogged",
            "unfinished",
            f"END RequestId: {invocation.request_id}",
            (
                rf"REPORT RequestId: {invocation.request_id}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\t"
                r"Memory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms"
            ),
        ]
        assert re.fullmatch("\\n".join(lines) + "\\n", workers.log()), workers.log()
        assert invocation.log_tail == workers.log().encode()
        workers.machine.logs.flush()
        file = (world.root / "logs" / "worker.log").read_text()
        assert [line.partition(" ")[2] for line in file.splitlines()] == workers.log().splitlines()

    world.run(scenario)


def test_bytes_are_passed_on(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        assert (await workers.invoke(do="return_bytes")).payload == b"\xff\x00"

    world.run(scenario)


def test_empty_event_is_an_empty_object(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        invocation = await workers.functions.invoke("worker", b"")
        assert json.loads(invocation.payload)["event"] == {}

    world.run(scenario)
