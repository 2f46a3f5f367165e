"""Puts the local cloud together and runs it: database, functions, Cognito, HTTP API, endpoint, triggers."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from toolchain.local import triggers
from toolchain.local.cognito.provision import LocalPool
from toolchain.local.http_api import CognitoKeys, serving
from toolchain.local.mariadb import DatabaseServer
from toolchain.local.place import Place
from toolchain.local.ports import API_PORT, ENDPOINT_PORT, listen_for, port_of
from toolchain.local.run.environment import ACCOUNT_ID, REGION
from toolchain.local.up import memory, parts
from toolchain.local.up.announcing import Announcer
from toolchain.local.up.declared import Cloud, Declared, Edits
from toolchain.local.up.failures import Failures
from toolchain.local.up.looking import looking
from toolchain.local.up.new_migrations import NewMigrations
from toolchain.local.up.record import Record, running
from toolchain.local.up.table import describe, describe_routes
from toolchain.local.up.upkeep import upkeep
from toolchain.local.workers.machine import this_machine
from toolchain.local.workers.registry import Registry
from toolchain.manifest import Function
from toolchain.project import Project
from toolchain.signals import requests_to_end


@dataclass(frozen=True, slots=True)
class Options:
    """The ports that are wanted, and whether edits of source count at once."""

    api_port: int = API_PORT
    endpoint_port: int = ENDPOINT_PORT
    reload: bool = True
    say: Callable[[str], None] = print


type Database = AbstractContextManager[DatabaseServer]
"""The checkout's database, running and migrated while the context lasts."""


async def run(project: Project, options: Options, database: Database, is_stopped: Callable[[], bool]) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; not at all if there was one before, as `is_stopped` tells.

    Raises ToolchainError when it can't be started.
    """
    ready, stop = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    task = loop.create_task(_serve_until(stop, project, options, database, ready))

    def end() -> None:
        stop.set()
        if not ready.is_set():
            task.cancel()  # it may be installing what functions need, for minutes

    for number in requests_to_end():
        loop.add_signal_handler(number, end)
    if is_stopped():
        end()
    try:
        await task
    except asyncio.CancelledError:
        if not stop.is_set():
            raise


async def _serve_until(
    stop: asyncio.Event, project: Project, options: Options, database: Database, ready: asyncio.Event
) -> None:
    with running(project), database as server:
        migrations = NewMigrations(project, options.say)
        async with (
            upkeep(project, server, options.say),
            looking(migrations.look),
            serve(project, server, options) as record,
        ):
            ready.set()
            options.say("\n".join(describe(record)))
            await stop.wait()
            options.say("stopping")


@asynccontextmanager
async def serve(project: Project, database: DatabaseServer, options: Options) -> AsyncIterator[Record]:
    """Everything but the database, running until the block is left."""
    api_listener = listen_for("the API", options.api_port, options.say)
    endpoint_listener = listen_for("the AWS endpoint", options.endpoint_port, options.say)
    place, failures = Place(ACCOUNT_ID, REGION), Failures(options.say)
    async with AsyncExitStack() as stack:
        base = parts.Base(
            project=project,
            database=database,
            place=place,
            api_port=options.api_port,
            endpoint_url=f"http://127.0.0.1:{port_of(endpoint_listener)}",
            failures=failures,
            machine=this_machine(project.local / "logs", failed=failures.failed),
            registry=Registry(REGION, ACCOUNT_ID),
            stack=stack,
            say=options.say,
            reload=options.reload,
        )
        announcer, keys = Announcer(project, options.say), CognitoKeys(base.endpoint_url)
        edits = Edits(announcer, options.say)
        from_source = await parts.run_functions(base, edits)
        endpoint = await parts.make_endpoint(base, from_source)
        api = parts.make_api(base, from_source, keys)
        await parts.run_deployed(base, from_source, endpoint, keys, announcer.changed)
        functions = from_source.functions  # by now with those that are deployed
        called = await triggers.start(functions, endpoint.events, functions.resolve)
        stack.push_async_callback(called.stop)
        await stack.enter_async_context(serving(endpoint.application, endpoint_listener))
        cloud = Cloud(place, base.endpoint_url, project.local / "provided.json")
        made = Declared(api, endpoint.cognito, base.registry, cloud)
        pool = made.deploy(from_source.declared)
        providing = asyncio.create_task(made.provide(from_source.declared))  # and later what edits declare
        edits.follow(made)
        # Not before there are routes: until then, requests wait. After the first time, queues are there, too.
        await stack.enter_async_context(serving(api, api_listener))
        await providing
        await stack.enter_async_context(looking(from_source.tree.look if options.reload else None))
        endpoint.events.resume()
        memory.settle()
        yield announcer.publish(_record(base, port_of(api_listener), pool, from_source.declared))


def _record(base: parts.Base, port: int, pool: LocalPool, functions: Mapping[str, Function]) -> Record:
    return Record(
        pid=os.getpid(),
        api_url=f"http://127.0.0.1:{port}",
        endpoint_url=base.endpoint_url,
        region=base.place.region,
        user_pool_id=pool.user_pool_id,
        client_id=pool.client_id,
        database=dict(base.database.environment()),
        routes=describe_routes(functions.values()),
    )
