"""A checkout of one function that does what its event says, and workers that run it."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.unit.workers_fakes import ACCOUNT, REGION, code_of
from toolchain.local.invocation import Invocation
from toolchain.local.workers.code import FunctionCode
from toolchain.local.workers.functions import LocalFunctions, local_functions
from toolchain.local.workers.machine import Limits, Machine, this_machine
from toolchain.local.workers.nursery import CAN_FORK
from toolchain.local.workers.registry import Registry

_SAMPLE = Path(__file__).parents[2] / "projects" / "workers"

type Scenario = Callable[["Workers"], Coroutine[Any, Any, None]]


class World:
    """The checkout; `run` runs a scenario with workers that end with it."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "checkout"
        shutil.copytree(_SAMPLE, self.root)

    @property
    def handler(self) -> Path:
        return self.root / "functions" / "worker" / "handler.py"

    def code(self, **changes: Any) -> FunctionCode:  # noqa: ANN401 - of any field
        settings: dict[str, Any] = {
            "timeout_seconds": 2,
            "environment": _environment(self.root),
            "task_root": self.root,
            "visible": {"": ["functions", "lib"], "functions": ["worker"]},
            "watched": (self.handler.parent, self.root / "lib"),
        }
        return code_of("worker", **settings | changes)

    def run(
        self,
        scenario: Scenario,
        *codes: FunctionCode,
        limits: Limits | None = None,
        fork: bool = CAN_FORK,
    ) -> None:
        async def run() -> None:
            async with self.open(*codes, limits=limits, fork=fork) as workers:
                await asyncio.wait_for(scenario(workers), 60)

        asyncio.run(run())

    @asynccontextmanager
    async def open(
        self, *codes: FunctionCode, limits: Limits | None = None, fork: bool = CAN_FORK
    ) -> AsyncIterator["Workers"]:
        machine = this_machine(self.root / "logs", limits, fork=fork)
        registry = Registry(REGION, ACCOUNT)
        for code in codes or (self.code(),):
            registry.register(code)
        async with local_functions(registry, machine) as functions:
            yield Workers(self, registry, machine, functions)


class Workers:
    """Running workers, and what is asked of them."""

    def __init__(self, world: World, registry: Registry, machine: Machine, functions: LocalFunctions) -> None:
        self.world = world
        self.registry = registry
        self.machine = machine
        self.functions = functions
        self._logged: list[bytes] = []
        machine.logs.follow(lambda entry: self._logged.append(entry.text))

    async def invoke(self, **event: Any) -> Invocation:  # noqa: ANN401 - JSON
        return await self.functions.invoke("worker", json.dumps(event).encode())

    async def result(self, **event: Any) -> Any:  # noqa: ANN401 - JSON
        """Of a call that must not fail."""
        invocation = await self.invoke(**event)
        assert invocation.error is None, invocation.payload
        return json.loads(invocation.payload)

    async def error(self, **event: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Of a call that must fail."""
        invocation = await self.invoke(**event)
        assert invocation.error == "Unhandled", invocation.payload
        error: dict[str, Any] = json.loads(invocation.payload)
        return error

    async def save(self, text: str) -> None:
        """Edit the handler as an editor does: in one step, and beside the event loop."""
        await asyncio.to_thread(_replace, self.world.handler, text)

    def log(self) -> str:
        self.machine.logs.flush()
        return b"".join(self._logged).decode()


def processes_below(pid: int) -> set[int]:
    """The descendants of a process, zombies included."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    found: set[int] = set()
    new = {pid}
    while new:
        new = {child for child, parent in pairs if parent in new} - found
        found |= new
    return found


def parent_of(pid: int) -> int:
    listing = subprocess.run(
        ["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return int(listing.stdout)


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] not in ("", "Z")


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for what happens by itself."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - processes tell nobody
            await asyncio.sleep(0.01)


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.swp")
    unfinished.write_text(text)
    unfinished.replace(path)


def _environment(root: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_NAME": "worker",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "LAMBDA_TASK_ROOT": str(root),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }
