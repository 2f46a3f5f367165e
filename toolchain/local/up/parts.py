"""The parts of the local cloud, each started on top of those before it, and ended in the opposite order."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from toolchain.local import deployed
from toolchain.local.asgi import Application
from toolchain.local.aws.assembly import assemble
from toolchain.local.aws.endpoint import AwsEndpoint
from toolchain.local.aws.function_logs import FunctionLogs
from toolchain.local.aws.invoke_api import InvokeApi
from toolchain.local.aws.origins import OwnOrigins
from toolchain.local.cognito.service import Cognito, open_cognito
from toolchain.local.deployed.access_logs import AccessLogs
from toolchain.local.http_api import LOCAL_CORS, Api, CognitoKeys, HttpApi, Settings
from toolchain.local.invocation import LATEST, SyncFunctions
from toolchain.local.mariadb import DatabaseServer
from toolchain.local.place import Place
from toolchain.local.run.dependencies import ensure_dependencies, install_with_uv
from toolchain.local.run.environment import Variables
from toolchain.local.triggers.outcomes import Outcomes
from toolchain.local.up.access_log import AccessLogFile, access_log_path
from toolchain.local.up.declared import Edits
from toolchain.local.up.failures import Failures
from toolchain.local.up.state import EndpointState
from toolchain.local.up.table import describe_message
from toolchain.local.workers.events import LocalEvents
from toolchain.local.workers.functions import LocalFunctions, keep, local_functions
from toolchain.local.workers.journal import Journal
from toolchain.local.workers.machine import Machine
from toolchain.local.workers.registry import Registry
from toolchain.local.workers.source import Listeners, SourceFunctions, Surroundings
from toolchain.manifest import Function
from toolchain.project import Project

type Changed = Callable[[Mapping[str, str]], None]
"""Takes the names of all deployed APIs by their URLs."""


@dataclass(frozen=True, slots=True)
class Base:
    """What all parts stand on; `stack` ends them. With `reload`, edits of source count at once.

    `api_port` is the one that is wanted, or 0.
    """

    project: Project
    database: DatabaseServer
    place: Place
    api_port: int
    endpoint_url: str
    failures: Failures
    machine: Machine
    registry: Registry
    stack: AsyncExitStack
    say: Callable[[str], None]
    reload: bool


@dataclass(frozen=True, slots=True)
class FromSource:
    """The functions of the source tree: as they were read, as they can be called, as they are declared."""

    tree: SourceFunctions
    functions: LocalFunctions
    declared: Mapping[str, Function]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What stands behind the AWS endpoint, as far as others need it."""

    application: Application
    cognito: Cognito
    events: LocalEvents
    access_logs: AccessLogs


async def run_functions(base: Base, edits: Edits) -> FromSource:
    listeners = Listeners(edits.changed, edits.broken)
    tree = SourceFunctions(base.project, base.registry, base.machine.watch, _surroundings(base), listeners)
    declared = await tree.load()
    if not base.reload:
        _freeze(base.registry)
    reload = tree.reload if base.reload else keep
    functions = await base.stack.enter_async_context(local_functions(base.registry, base.machine, reload))
    return FromSource(tree, functions, declared)


async def make_endpoint(base: Base, from_source: FromSource) -> Endpoint:
    """Cognito, Lambda, and moto for all else; its state is that of the last time. Not served yet."""
    project, stack, say, functions = base.project, base.stack, base.say, from_source.functions
    address = (base.database.host, base.database.port)
    state = await asyncio.to_thread(EndpointState, project, address, say)
    cognito = open_cognito(
        project.local / "cognito",
        SyncFunctions(functions, base.machine.loop),
        time.time,
        lambda message: say(describe_message(message)),
    )
    stack.callback(cognito.close)
    state.agree_on_pools(cognito.services.pools)
    stack.callback(state.close)
    outcomes = Outcomes(functions.resolve)
    events = LocalEvents(functions, outcomes.tell, journal=Journal(project.local / "events.jsonl"))
    outcomes.deliver_through(events)
    stack.push_async_callback(events.close)
    function_logs, access_logs = FunctionLogs(base.registry.place_of), AccessLogs()
    base.machine.logs.follow(function_logs)
    endpoint = AwsEndpoint(assemble(cognito, (function_logs, access_logs), address, state.keep))
    stack.callback(endpoint.close)
    look_again = from_source.tree.refresh if base.reload else None
    served = InvokeApi(functions, events, endpoint, base.place, look_again)
    return Endpoint(OwnOrigins(served), cognito, events, access_logs)


def make_api(base: Base, from_source: FromSource, keys: CognitoKeys) -> HttpApi:
    """The HTTP API, as yet without routes."""

    def refresh(name: str | None) -> Awaitable[object] | None:
        return from_source.tree.refresh() if name is None else from_source.functions.refresh(name)

    access_log = AccessLogFile(access_log_path(base.project), base.machine.loop)
    base.stack.callback(access_log.close)
    settings = Settings(
        Api(base.place.account_id, "local", base.place.region),
        keys,
        LOCAL_CORS,
        access_log=access_log.write,
        refresh=refresh if base.reload else None,
        answered_with_error=base.failures.answered,
    )
    return HttpApi(from_source.functions, settings)


async def run_deployed(
    base: Base, from_source: FromSource, endpoint: Endpoint, keys: CognitoKeys, changed: Changed
) -> None:
    """What clients have deployed to the endpoint, and will; `changed` is told of its APIs."""
    surroundings = deployed.Surroundings(
        place=base.place,
        directory=base.project.local / "deployed",
        first_port=base.api_port and base.api_port + 1,
        endpoint_url=base.endpoint_url,
        shell=os.environ,
        database=base.database,
        keys=keys,
        logs=endpoint.access_logs,
        from_source=lambda: from_source.tree.names,
        changed=changed,
    )
    await base.stack.enter_async_context(deployed.running(from_source.functions, base.registry, surroundings))


def _surroundings(base: Base) -> Surroundings:
    project, install = base.project, install_with_uv(base.project, base.say)

    def variables_of(function: Function) -> Variables:
        level = function.database
        with_database = base.database.environment(level) if level != "none" else {}
        return Variables(os.environ, with_database, {"AWS_ENDPOINT_URL": base.endpoint_url})

    return Surroundings(
        variables_of, lambda function: ensure_dependencies(project, function.name, install, time.time())
    )


def _freeze(registry: Registry) -> None:
    """Let functions run as they were when `up` was started."""
    for arn in registry.arns():
        code = registry.version(arn, LATEST)
        if code:
            registry.register(replace(code, watched=(), read_at=()))
