"""Puts the local cloud together and runs it: database, functions, Cognito, HTTP API, endpoint, triggers."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from toolchain.local import deployed, triggers
from toolchain.local.aws.assembly import assemble
from toolchain.local.aws.endpoint import AwsEndpoint
from toolchain.local.aws.function_logs import FunctionLogs
from toolchain.local.aws.invoke_api import InvokeApi
from toolchain.local.cognito.provision import LocalPool
from toolchain.local.cognito.service import open_cognito
from toolchain.local.deployed.access_logs import AccessLogs
from toolchain.local.http_api import LOCAL_CORS, Api, CognitoKeys, HttpApi, Settings, serving
from toolchain.local.invocation import LATEST, SyncFunctions
from toolchain.local.mariadb import DatabaseServer
from toolchain.local.place import Place
from toolchain.local.run.dependencies import ensure_dependencies, install_with_uv
from toolchain.local.run.environment import ACCOUNT_ID, REGION, Variables
from toolchain.local.triggers.outcomes import Outcomes
from toolchain.local.up.access_log import AccessLogFile, access_log_path
from toolchain.local.up.announcing import Announcer
from toolchain.local.up.declared import Cloud, Declared, Edits
from toolchain.local.up.ports import API_PORT, ENDPOINT_PORT, listen_for, port_of
from toolchain.local.up.record import Record, running
from toolchain.local.up.state import EndpointState
from toolchain.local.up.table import describe, describe_message
from toolchain.local.up.upkeep import upkeep
from toolchain.local.workers.events import LocalEvents
from toolchain.local.workers.functions import keep, local_functions
from toolchain.local.workers.journal import Journal
from toolchain.local.workers.machine import Machine, this_machine
from toolchain.local.workers.registry import Registry
from toolchain.local.workers.source import Listeners, SourceFunctions, Surroundings
from toolchain.manifest import Function
from toolchain.project import Project


@dataclass(frozen=True, slots=True)
class Options:
    """The ports that are wanted, and whether edits of source count at once."""

    api_port: int = API_PORT
    endpoint_port: int = ENDPOINT_PORT
    reload: bool = True
    say: Callable[[str], None] = print


type Database = AbstractContextManager[DatabaseServer]
"""The checkout's database, running and migrated while the context lasts."""


async def run(project: Project, options: Options, database: Database) -> None:
    """Serve until SIGINT or SIGTERM. Raises ToolchainError when it can't be started."""
    ready, stop = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    task = loop.create_task(_serve_until(stop, project, options, database, ready))

    def end() -> None:
        stop.set()
        if not ready.is_set():
            task.cancel()  # it may be installing what functions need, for minutes

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    try:
        await task
    except asyncio.CancelledError:
        if not stop.is_set():
            raise


async def _serve_until(
    stop: asyncio.Event, project: Project, options: Options, database: Database, ready: asyncio.Event
) -> None:
    with running(project), database as server:
        async with upkeep(project, server, options.say), serve(project, server, options) as record:
            ready.set()
            options.say("\n".join(describe(record)))
            await stop.wait()
            options.say("stopping")


@asynccontextmanager
async def serve(project: Project, database: DatabaseServer, options: Options) -> AsyncIterator[Record]:
    """Everything but the database, running until the block is left."""
    api_listener = listen_for("the API", options.api_port, options.say)
    endpoint_listener = listen_for("the AWS endpoint", options.endpoint_port, options.say)
    endpoint_url = f"http://127.0.0.1:{port_of(endpoint_listener)}"
    place = Place(ACCOUNT_ID, REGION)
    async with AsyncExitStack() as stack:
        machine = this_machine(project.local / "logs")
        registry = Registry(REGION, ACCOUNT_ID)
        edits = Edits(options.say)
        surroundings = _surroundings(project, database, endpoint_url, options.say)
        source = SourceFunctions(
            project, registry, machine.watch, surroundings, Listeners(edits.changed, edits.broken)
        )
        declared = await source.load()
        if not options.reload:
            _freeze(registry)
        reload = source.reload if options.reload else keep
        functions = await stack.enter_async_context(local_functions(registry, machine, reload))
        address = (database.host, database.port)
        state = await asyncio.to_thread(EndpointState, project, address, options.say)
        cognito = open_cognito(
            project.local / "cognito",
            SyncFunctions(functions, machine.loop),
            time.time,
            lambda message: options.say(describe_message(message)),
        )
        stack.callback(cognito.close)
        state.agree_on_pools(cognito.services.pools)
        stack.callback(state.close)
        outcomes = Outcomes(functions.resolve)
        events = LocalEvents(functions, outcomes.tell, journal=Journal(project.local / "events.jsonl"))
        outcomes.deliver_through(events)
        stack.push_async_callback(events.close)
        access_logs = AccessLogs()
        logs = (_logs(machine, registry), access_logs)
        endpoint = AwsEndpoint(assemble(cognito, logs, address, state.keep))
        stack.callback(endpoint.close)
        await stack.enter_async_context(
            serving(InvokeApi(functions, events, endpoint, place), endpoint_listener)
        )

        def refresh(name: str | None) -> Awaitable[object] | None:
            return source.refresh() if name is None else functions.refresh(name)

        access_log = AccessLogFile(access_log_path(project), machine.loop)
        stack.callback(access_log.close)
        identity, keys = Api(ACCOUNT_ID, "local", REGION), CognitoKeys(endpoint_url)
        api = HttpApi(
            functions,
            Settings(
                identity,
                keys,
                LOCAL_CORS,
                access_log=access_log.write,
                refresh=refresh if options.reload else None,
            ),
        )
        await stack.enter_async_context(serving(api, api_listener))
        called = await triggers.start(functions, events)
        stack.push_async_callback(called.stop)
        announcer = Announcer(project, options.say)
        found = deployed.Surroundings(
            place=place,
            directory=project.local / "deployed",
            first_port=options.api_port and options.api_port + 1,
            endpoint_url=endpoint_url,
            shell=os.environ,
            database=database,
            keys=keys,
            logs=access_logs,
            from_source=lambda: source.names,
            changed=announcer.changed,
        )
        await stack.enter_async_context(deployed.running(functions, registry, found))
        cloud = Cloud(place, endpoint_url, project.local / "provided.json")
        made = Declared(api, cognito, registry, cloud)
        pool = made.deploy(declared)
        await made.provide(declared)
        edits.follow(made)
        api_url = f"http://127.0.0.1:{port_of(api_listener)}"
        events.resume()
        yield announcer.publish(_record(api_url, endpoint_url, pool, database, declared))


def _surroundings(
    project: Project, database: DatabaseServer, endpoint_url: str, say: Callable[[str], None]
) -> Surroundings:
    install = install_with_uv(project, say)

    def variables_of(function: Function) -> Variables:
        with_database = database.environment() if function.database != "none" else {}
        return Variables(os.environ, with_database, {"AWS_ENDPOINT_URL": endpoint_url})

    return Surroundings(
        variables_of, lambda function: ensure_dependencies(project, function.name, install, time.time())
    )


def _freeze(registry: Registry) -> None:
    """Let functions run as they were when `up` was started."""
    for arn in registry.arns():
        code = registry.version(arn, LATEST)
        if code:
            registry.register(replace(code, watched=(), read_at=()))


def _logs(machine: Machine, registry: Registry) -> FunctionLogs:
    logs = FunctionLogs(registry.place_of)
    machine.logs.follow(logs)
    return logs


def _record(
    api_url: str,
    endpoint_url: str,
    pool: LocalPool,
    database: DatabaseServer,
    functions: Mapping[str, Function],
) -> Record:
    routes = [
        f"{trigger.route_key:<24} {function.name:<20} {_access(trigger)}"
        for function in functions.values()
        for trigger in function.http
    ]
    return Record(
        pid=os.getpid(),
        api_url=api_url,
        endpoint_url=endpoint_url,
        region=REGION,
        user_pool_id=pool.user_pool_id,
        client_id=pool.client_id,
        database=dict(database.environment()),
        routes=tuple(sorted(routes)),
    )


def _access(trigger: Any) -> str:  # noqa: ANN401
    if trigger.auth is None:
        return "public"
    groups = f", group {' or '.join(trigger.auth.groups)}" if trigger.auth.groups else ""
    return f"signed in{groups}"
