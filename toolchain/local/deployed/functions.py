"""Runs the functions that moto's control plane has: each version its own zip and settings."""

import asyncio
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from toolchain.errors import LocalCloudError
from toolchain.local.deployed import function_state, rds_state
from toolchain.local.deployed.database_choice import Seeker, choose, level_of
from toolchain.local.deployed.event_loop import call_in
from toolchain.local.deployed.function_state import DeployedFunction, Version
from toolchain.local.deployed.packages import Packages
from toolchain.local.deployed.schemas import Schemas
from toolchain.local.invocation import InvocationError
from toolchain.local.place import Place
from toolchain.local.triggers.provision.mappings import SOURCE_TAG
from toolchain.local.workers.code import FunctionCode
from toolchain.local.workers.package import Package, packaged_code
from toolchain.local.workers.registry import Registry

RUNTIME = "python3.13"
_OF_DATABASES = "DATABASE_"


@dataclass(frozen=True, slots=True)
class Home:
    """Where deployed functions run: `shell` and `overrides` as for toolchain.local.run.environment.

    `from_source` names the functions that run from the checkout, which are in `place`.
    """

    place: Place
    registry: Registry
    loop: asyncio.AbstractEventLoop
    from_source: Callable[[], Collection[str]]
    shell: Mapping[str, str]
    overrides: Mapping[str, str]


class DeployedFunctions:
    """Keeps the registry like moto. Any thread may tell of a change; one at a time is read and done."""

    def __init__(self, home: Home, packages: Packages, schemas: Schemas) -> None:
        self._home = home
        self._packages = packages
        self._schemas = schemas
        self._changing = threading.Lock()

    def follow(self, place: Place, name: str) -> None:
        """Have the function run as moto has it now; requests that run end on what they began with.

        Raises LocalCloudError for one that the checkout has, too, and for what is not done here.
        """
        with self._changing:
            function = function_state.read_function(place, name)
            if function is None:
                self._forget(place, name)
            elif SOURCE_TAG.items() <= function.tags.items():
                return  # the checkout is its code
            else:
                self._check_name(place, name)
                self._run(function)

    def follow_all(self) -> None:
        """Databases have come or gone: functions may mean others."""
        for place, name in function_state.all_functions():
            # Whoever made the function was told; names that are none may be saved from earlier versions.
            with suppress(LocalCloudError, InvocationError):
                self.follow(place, name)

    def check(self, place: Place, name: str, tags: Mapping[str, str]) -> None:
        """Raise LocalCloudError for a new function that the checkout has, too."""
        if not SOURCE_TAG.items() <= tags.items():
            self._check_name(place, name)

    def _run(self, function: DeployedFunction) -> None:
        codes = [self._code(function, version) for version in function.versions]
        registry, arn = self._home.registry, function.place.function_arn(function.name)

        def replace_function() -> None:
            registry.replace(arn, codes, function.aliases)
            registry.direct_events(arn, function.events)

        call_in(self._home.loop, replace_function)
        if function.weighted:
            raise _weighted(function.name, function.weighted)

    def _forget(self, place: Place, name: str) -> None:
        if not self._is_of_source(place, name):
            arn = place.function_arn(name)
            call_in(self._home.loop, lambda: self._home.registry.remove(arn))

    def _code(self, function: DeployedFunction, version: Version) -> FunctionCode:
        problem = _problem(version)
        package = Package(self._packages.directory, problem) if problem else self._package(version)
        variables = dict(version.settings.variables)
        overrides = dict(self._home.overrides)
        if database := self._database(function, version):
            variables = {
                name: value for name, value in variables.items() if not name.startswith(_OF_DATABASES)
            }
            overrides |= database
        settings = replace(version.settings, variables=variables)
        return packaged_code(settings, package, self._home.shell, overrides)

    def _package(self, version: Version) -> Package:
        return self._packages.provide(version.content, version.digest)

    def _database(self, function: DeployedFunction, version: Version) -> Mapping[str, str] | None:
        variables = version.settings.variables
        if "DATABASE_HOST" not in variables:
            return None
        vpcs = rds_state.vpcs_of(function.place, version.subnets)
        candidates = rds_state.read_candidates(function.place)
        database = choose(Seeker(function.name, variables, vpcs), candidates)
        return self._schemas.environment(database, level_of(variables)) if database else None

    def _is_of_source(self, place: Place, name: str) -> bool:
        return place == self._home.place and name in self._home.from_source()

    def _check_name(self, place: Place, name: str) -> None:
        if self._is_of_source(place, name):
            raise LocalCloudError(
                f"function {name} runs from the checkout; give the one that is deployed another name, "
                f"such as <project>-<stage>-{name}"
            )


def check_weights(function: str, alias: str, weights: Mapping[str, float]) -> None:
    """Raise LocalCloudError for an alias that sends a part of its calls to a second version."""
    if weights:
        raise _weighted(function, [alias])


def _weighted(function: str, aliases: Iterable[str]) -> LocalCloudError:
    return LocalCloudError(
        f"alias {', '.join(aliases)} of function {function} has a RoutingConfig; "
        "the local cloud sends all calls to the alias's own version, take the weights away"
    )


def _problem(version: Version) -> str | None:
    """What of a version can't be had here, whatever is in its zip."""
    if version.package_type != "Zip":
        return f"its package type is {version.package_type}; the local cloud runs zips only"
    if version.runtime != RUNTIME:
        return f"its runtime is {version.runtime or 'none'}; the local cloud runs {RUNTIME} only"
    if version.layers:
        return f"it has layers ({', '.join(version.layers)}), which the local cloud does not have"
    return None
