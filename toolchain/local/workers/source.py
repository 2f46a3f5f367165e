"""Functions straight from the checkout: as their manifests declare them now."""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.local.place import Place
from toolchain.local.run.environment import ACCOUNT_ID, REGION, Variables, function_environment
from toolchain.local.run.packed import packed_names
from toolchain.local.workers.code import FunctionCode
from toolchain.local.workers.freshness import Watch, ctimes
from toolchain.local.workers.registry import Registry
from toolchain.manifest import Function, read_functions
from toolchain.manifest.functions import function_names
from toolchain.project import Project

_MANIFEST_FILES = ("function.yaml", "requirements.in", "requirements.txt")

type States = dict[str, list[int]]
"""By function, the times at which its files changed that `load` reads."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a function gets that its manifest does not say.

    `variables_of` has the database's variables for those that use it; `dependencies_of` installs the
    function's packages if need be, and may raise LockError: it runs in a thread. Without `follows_edits`
    instances keep the source they started with.
    """

    variables_of: Callable[[Function], Variables]
    dependencies_of: Callable[[Function], Path | None]
    follows_edits: bool = True


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who wants to know that the functions were read anew (all of them), and what is wrong with them."""

    changed: Callable[[Mapping[str, Function]], None]
    broken: Callable[[ToolchainError], None]


class SourceFunctions:
    """Registers the functions of a checkout, and again when what they declare has changed."""

    def __init__(
        self,
        project: Project,
        registry: Registry,
        watch: Watch,
        surroundings: Surroundings,
        listeners: Listeners,
    ) -> None:
        self._project = project
        self._registry = registry
        self._watch = watch
        self._surroundings = surroundings
        self._listeners = listeners
        self._registered: frozenset[str] = frozenset()
        self._read_states: States = {}
        self._seen_states: States = {}
        self._problems: tuple[str, ...] = ()
        self._refreshing = asyncio.Lock()
        self._is_cancelled = False

    @property
    def names(self) -> frozenset[str]:
        """The functions that are registered."""
        return self._registered

    async def load(self) -> dict[str, Function]:
        """Read all functions, install what is missing, and register them.

        Raises ToolchainError with all problems; then what was registered before stays.
        """
        states = self._manifest_states()
        roots = [self._project.lib, *(self._project.functions / name for name in states)]
        before = dict(zip(roots, self._watch.versions_now(roots), strict=True))
        functions, codes = await self._read_aside()
        for code in codes:
            self._register(code, before)
        for name in self._registered - states.keys():
            self._registry.remove(name)
        self._registered = frozenset(states)
        self._read_states = states
        return functions

    async def reload(self, _: FunctionCode) -> None:
        """toolchain.local.workers.functions.Reload: source has changed, perhaps a manifest too."""
        await self.refresh()

    async def refresh(self) -> None:
        """Load again if a function is new or gone, or a manifest has changed; the listeners hear of it.

        While a manifest is broken, the function runs as the last good one says.
        """
        if self._manifest_states() == self._read_states:
            return
        async with self._refreshing:
            states = self._manifest_states()
            if states != self._read_states:
                self._problems = ()
                await self._read_again(states)

    async def look(self) -> None:
        """Refresh without a request, which would not find a new function, or what else is to call one.

        Files are written one after another: what has changed since the last look is left for the next. What
        could not be read is tried again, since not all that it takes is a manifest.
        """
        states = self._manifest_states()
        is_settled, self._seen_states = states == self._seen_states, states
        async with self._refreshing:
            if self._problems or (is_settled and states != self._read_states):
                await self._read_again(states)

    async def _read_again(self, states: States) -> None:
        """Load, and tell the listeners; of problems only if they are others than before."""
        try:
            functions = await self.load()
        except ToolchainError as error:
            self._read_states = states
            before, self._problems = self._problems, tuple(error.problems)
            if self._problems != before:
                self._listeners.broken(error)
        else:
            self._problems = ()
            self._listeners.changed(functions)

    def _manifest_states(self) -> States:
        folders = self._project.functions
        return {
            name: ctimes([str(folders / name / file) for file in _MANIFEST_FILES])
            for name in function_names(self._project)
        }

    async def _read_aside(self) -> tuple[dict[str, Function], list[FunctionCode]]:
        """Read in a thread, which installs nothing more once nobody waits for it."""
        try:
            return await asyncio.to_thread(self._read)
        except asyncio.CancelledError:
            self._is_cancelled = True
            raise

    def _read(self) -> tuple[dict[str, Function], list[FunctionCode]]:
        functions = read_functions(self._project)
        codes: list[FunctionCode] = []
        problems: list[str] = []
        for function in functions.values():
            if self._is_cancelled:
                break
            try:
                codes.append(self._code(function))
            except ToolchainError as error:
                problems += error.problems
        if problems:
            raise ToolchainError(problems)
        return functions, codes

    def _code(self, function: Function) -> FunctionCode:
        root = self._project.root
        return FunctionCode(
            name=function.name,
            arn=Place(ACCOUNT_ID, REGION).function_arn(function.name),
            handler=function.handler,
            memory_mb=function.memory_mb,
            timeout_seconds=function.timeout_seconds,
            environment=function_environment(
                function, self._surroundings.variables_of(function), task_root=root, log_stream=""
            ),
            task_root=root,
            visible=packed_names(self._project, function),
            dependencies=self._surroundings.dependencies_of(function),
            watched=watched_paths(self._project, function) if self._surroundings.follows_edits else (),
            reserved_concurrency=function.reserved_concurrency,
        )

    def _register(self, code: FunctionCode, before: Mapping[Path, int]) -> None:
        """What was edited while it was read is found at the next request."""
        if self._registry.version(code.name, code.version) == code:
            return
        now = dict(zip(code.watched, self._watch.versions_now(code.watched), strict=True))
        read_at = tuple(before.get(path, now[path]) for path in code.watched)
        self._registry.register(replace(code, read_at=read_at))


def watched_paths(project: Project, function: Function) -> tuple[Path, ...]:
    """What goes into the function's zip: its folder, lib/, and the folders that `include` begins with."""
    included = {
        project.root.joinpath(*folders) for pattern in function.include if (folders := _folders(pattern))
    }
    own = (project.functions / function.name, project.lib)
    return (*own, *sorted(included - set(own)))


def _folders(pattern: str) -> tuple[str, ...]:
    """The part of a glob before the first wildcard, without the file: `data/*.json` -> `("data",)`."""
    folders = Path(pattern).parent.parts
    return tuple(itertools.takewhile(lambda part: not set(part) & set("*?["), folders))
