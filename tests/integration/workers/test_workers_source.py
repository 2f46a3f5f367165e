"""Functions of a checkout, as their manifests declare them; and of packages made from it."""

import asyncio
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.integration.workers.world import World, is_alive, until
from tests.unit.workers_fakes import ACCOUNT, ARN, REGION
from toolchain.errors import ManifestError, ToolchainError
from toolchain.local.invocation import FunctionNotFoundError
from toolchain.local.run.environment import Variables
from toolchain.local.workers.functions import LocalFunctions, local_functions
from toolchain.local.workers.machine import this_machine
from toolchain.local.workers.package import Package, Settings, packaged_code, unzip
from toolchain.local.workers.registry import Registry
from toolchain.local.workers.source import Listeners, SourceFunctions, Surroundings, watched_paths
from toolchain.manifest import Function, parse_function
from toolchain.project import Project

_MANIFEST = "description: Does what its event says\nenvironment: {{NUMBER: '{number}'}}\n"


@dataclass
class Source:
    """The functions of a checkout, running; and what was heard of their manifests."""

    world: World
    functions: LocalFunctions
    source: SourceFunctions
    registry: Registry
    changes: list[Mapping[str, Function]] = field(default_factory=list)
    problems: list[ToolchainError] = field(default_factory=list)

    async def save(self, name: str, text: str) -> None:
        await asyncio.to_thread((self.world.handler.parent / name).write_text, text)

    async def variable(self, name: str) -> Any:  # noqa: ANN401 - JSON
        answer = await self.functions.invoke("worker", b'{"do": "surroundings"}')
        return json.loads(answer.payload)["variables"].get(name)


type Scenario = Callable[[Source], Coroutine[Any, Any, None]]


@pytest.fixture
def checkout_of_one(world: World) -> World:
    """With all that a manifest needs."""
    _declare(world, 1)
    (world.root / "events").mkdir()
    (world.root / "events" / "worker.json").write_text("{}")
    return world


def _declare(world: World, number: int) -> None:
    (world.handler.parent / "function.yaml").write_text(_MANIFEST.format(number=number))


def _run(world: World, scenario: Scenario, *, follows_edits: bool = True) -> None:
    async def run() -> None:
        async with AsyncExitStack() as stack:
            machine = this_machine(world.root / "logs")
            registry = Registry(REGION, ACCOUNT)
            changes: list[Mapping[str, Function]] = []
            problems: list[ToolchainError] = []
            source = SourceFunctions(
                Project(world.root),
                registry,
                machine.watch,
                Surroundings(lambda _: Variables(os.environ), lambda _: None, follows_edits),
                Listeners(changes.append, problems.append),
            )
            assert list(await source.load()) == ["worker"]
            functions = await stack.enter_async_context(local_functions(registry, machine, source.reload))
            await asyncio.wait_for(
                scenario(Source(world, functions, source, registry, changes, problems)), 60
            )

    asyncio.run(run())


def test_manifest_edits_count_at_once(checkout_of_one: World) -> None:
    """Before the first request, and between requests."""

    async def scenario(source: Source) -> None:
        for number in (2, 3, 4):
            await asyncio.to_thread(_declare, source.world, number)
            assert await source.variable("NUMBER") == str(number)
        assert [functions["worker"].environment for functions in source.changes] == [
            {"NUMBER": "2"},
            {"NUMBER": "3"},
            {"NUMBER": "4"},
        ]
        assert source.problems == []

    _run(checkout_of_one, scenario)


def test_edit_of_the_handler_reads_no_manifest(checkout_of_one: World) -> None:
    async def scenario(source: Source) -> None:
        assert await source.variable("NUMBER") == "1"
        await source.save("handler.py", "def handler(event, context): return 2")
        assert (await source.functions.invoke("worker", b"{}")).payload == b"2"
        assert source.changes == []

    _run(checkout_of_one, scenario)


def test_broken_manifest_keeps_the_last_good_one(checkout_of_one: World) -> None:
    """What is wrong is told once for each save."""

    async def scenario(source: Source) -> None:
        await source.save("function.yaml", "descripton: misspelt")
        assert await source.variable("NUMBER") == "1"
        assert await source.variable("NUMBER") == "1"
        assert [type(problem) for problem in source.problems] == [ManifestError]
        await asyncio.to_thread(_declare, source.world, 5)
        assert await source.variable("NUMBER") == "5"

    _run(checkout_of_one, scenario)


def test_functions_come_and_go(checkout_of_one: World) -> None:
    async def scenario(source: Source) -> None:
        shutil.copytree(source.world.root / "functions" / "worker", source.world.root / "functions" / "other")
        (source.world.root / "events" / "other.json").write_text("{}")
        await source.source.refresh()
        assert source.registry.arns() == [f"{ARN}other", f"{ARN}worker"]
        assert (await source.functions.invoke("other", b"{}")).error is None
        shutil.rmtree(source.world.root / "functions" / "other")
        await source.source.refresh()
        with pytest.raises(FunctionNotFoundError):
            await source.functions.invoke("other", b"{}")
        assert [sorted(functions) for functions in source.changes] == [["other", "worker"], ["worker"]]

    _run(checkout_of_one, scenario)


def test_two_requests_read_an_edit_once(checkout_of_one: World) -> None:
    async def scenario(source: Source) -> None:
        await asyncio.to_thread(_declare, source.world, 2)
        await asyncio.gather(*(source.source.refresh() for _ in range(3)))
        assert len(source.changes) == 1

    _run(checkout_of_one, scenario)


def test_edits_that_no_request_would_find_are_found(checkout_of_one: World) -> None:
    """A look finds those that have been there for the one before: files are written one after another."""
    folders = checkout_of_one.root / "functions"

    async def scenario(source: Source) -> None:
        await source.source.look()
        await asyncio.to_thread(shutil.copytree, folders / "worker", folders / "other")
        await source.source.look()
        assert source.changes == []
        assert source.problems == []
        await source.source.look()
        assert [problem.problems for problem in source.problems] == [
            ("events/other.json: missing; `invoke events other` prints one",)
        ]
        await source.source.look()
        assert len(source.problems) == 1
        await asyncio.to_thread((source.world.root / "events" / "other.json").write_text, "{}")
        await source.source.look()
        assert [sorted(functions) for functions in source.changes] == [["other", "worker"]]

    _run(checkout_of_one, scenario)


def test_function_that_goes_while_another_is_broken(checkout_of_one: World) -> None:
    """It is gone when that is mended."""
    folders = checkout_of_one.root / "functions"

    async def scenario(source: Source) -> None:
        await asyncio.to_thread(shutil.copytree, folders / "worker", folders / "other")
        await asyncio.to_thread((source.world.root / "events" / "other.json").write_text, "{}")
        await source.source.refresh()
        await asyncio.to_thread(shutil.rmtree, folders / "other")
        await source.save("function.yaml", "descripton: misspelt")
        await source.source.refresh()
        await asyncio.to_thread(_declare, source.world, 5)
        await source.source.refresh()
        assert source.registry.arns() == [f"{ARN}worker"]

    _run(checkout_of_one, scenario)


def test_without_reload_nothing_changes(checkout_of_one: World) -> None:
    async def scenario(source: Source) -> None:
        assert await source.variable("NUMBER") == "1"
        await source.save("handler.py", "def handler(event, context): return 2")
        await asyncio.to_thread(_declare, source.world, 2)
        assert await source.variable("NUMBER") == "1"

    _run(checkout_of_one, scenario, follows_edits=False)


@pytest.mark.parametrize(
    ("include", "watched"),
    [
        ("[]", []),
        ("[migrations/*.sql]", ["migrations"]),
        ("[data/a/b.json, data/**/*.txt]", ["data", "data/a"]),
        ("['*.md', lib/words.py]", []),
    ],
)
def test_what_is_watched(include: str, watched: list[str]) -> None:
    """The function's folder, lib/, and where files come from that it includes."""
    function = parse_function("worker", f"description: Something\ninclude: {include}")
    assert watched_paths(Project(Path("/checkout")), function) == tuple(
        Path("/checkout") / path for path in ["functions/worker", "lib", *watched]
    )


def test_package(world: World, tmp_path: Path) -> None:
    """From its zip alone, bytecode included, with the versions and aliases that it was given."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for path in sorted(world.root.rglob("*.py")):
            package.write(path, path.relative_to(world.root))
    task_root = unzip(content.getvalue(), tmp_path / "packages")

    def deployed(version: str) -> Settings:
        return Settings(
            "worker", f"{ARN}worker", "functions.worker.handler.handler", 256, 2, {"NUMBER": version}, version
        )

    async def run() -> None:
        async with world.open(
            *(packaged_code(deployed(version), Package(task_root), os.environ, {}) for version in ("1", "2"))
        ) as workers:
            workers.registry.point("worker", "live", "2")
            answer = await workers.functions.invoke("worker", b'{"do": "surroundings"}', qualifier="live")
            found = json.loads(answer.payload)
            assert (answer.version, found["variables"]["NUMBER"]) == ("2", "2")
            assert found["directory"] == found["path"][0] == str(task_root)
            workers.registry.point("worker", "live", "1")
            answer = await workers.functions.invoke(
                "worker:live", b'{"do": "import_module", "name": "pydantic"}'
            )
            assert (answer.version, json.loads(answer.payload)["errorType"]) == ("1", "ModuleNotFoundError")

    asyncio.run(run())


def test_new_code_of_a_version_replaces_its_instances(world: World) -> None:
    """As after UpdateFunctionConfiguration."""

    async def run() -> None:
        async with world.open() as workers:
            pid = (await workers.result(do="about"))["pid"]
            workers.registry.register(world.code(memory_mb=512))
            assert (await workers.result(do="about"))["pid"] != pid
            await until(lambda: not is_alive(pid))

    asyncio.run(run())
