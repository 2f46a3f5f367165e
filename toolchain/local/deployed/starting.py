"""Begins to run what is deployed: what is there already, and what clients make from now on."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from toolchain.local.aws.listening import listening, tell_all
from toolchain.local.deployed import function_state
from toolchain.local.deployed.access_logs import AccessLogs
from toolchain.local.deployed.addresses import Addresses
from toolchain.local.deployed.apis import DeployedApis, Front
from toolchain.local.deployed.functions import DeployedFunctions, Home
from toolchain.local.deployed.guard import DeployedGuard
from toolchain.local.deployed.listener import DeployedListener, Forgiving
from toolchain.local.deployed.packages import Packages
from toolchain.local.deployed.schemas import Schemas
from toolchain.local.http_api import KeySource
from toolchain.local.invocation import Functions
from toolchain.local.mariadb import DatabaseServer
from toolchain.local.place import Place
from toolchain.local.workers.registry import Registry


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What deployed things find here.

    `directory` keeps packages and ports; APIs get ports from `first_port` on. `from_source` names the
    functions that run from the checkout. `changed` is told all APIs (name by URL) whenever there are others.
    """

    place: Place
    directory: Path
    first_port: int
    endpoint_url: str
    shell: Mapping[str, str]
    database: DatabaseServer
    keys: KeySource
    logs: AccessLogs
    from_source: Callable[[], Collection[str]]
    changed: Callable[[Mapping[str, str]], None]


@asynccontextmanager
async def running(
    functions: Functions, registry: Registry, surroundings: Surroundings
) -> AsyncIterator[None]:
    """Run and serve what moto has, now and later, until the block is left.

    Functions are put into the registry that `functions` has. Once in a process at a time, as moto is.
    """
    loop = asyncio.get_running_loop()
    packages = Packages(surroundings.directory / "packages")
    await asyncio.to_thread(lambda: packages.keep_only(function_state.digests()))
    addresses = Addresses(surroundings.directory / "ports.json", surroundings.first_port)
    front = Front(functions, surroundings.keys, addresses, surroundings.logs, loop, surroundings.changed)
    apis, schemas = DeployedApis(front), Schemas(surroundings.database, surroundings.place)
    deployed = DeployedFunctions(_home(registry, loop, surroundings), packages, schemas)
    listener = DeployedListener(deployed, apis, schemas)
    try:
        with listening(listener, DeployedGuard(deployed)):
            await asyncio.to_thread(tell_all, Forgiving(listener, logging.getLogger(__name__)))
            yield
    finally:
        await apis.close()
        addresses.close()


def _home(registry: Registry, loop: asyncio.AbstractEventLoop, surroundings: Surroundings) -> Home:
    return Home(
        place=surroundings.place,
        registry=registry,
        loop=loop,
        from_source=surroundings.from_source,
        shell=surroundings.shell,
        overrides={
            "AWS_ENDPOINT_URL": surroundings.endpoint_url,
            "POWERTOOLS_TRACE_DISABLED": "true",  # traces have nowhere to go
        },
    )
