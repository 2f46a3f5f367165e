"""What the functions of the checkout declare, made, and again when it is edited: routes, pool, queues."""

import asyncio
import functools
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toolchain.errors import ToolchainError
from toolchain.local import triggers
from toolchain.local.cognito.provision import LocalPool
from toolchain.local.cognito.provision import provision as provision_pool
from toolchain.local.cognito.service import Cognito
from toolchain.local.http_api import HttpApi, Issuer, Routes
from toolchain.local.invocation import LATEST
from toolchain.local.place import Place
from toolchain.local.up.announcing import Announcer
from toolchain.local.up.table import describe_routes
from toolchain.local.workers.registry import Registry
from toolchain.manifest import Function, declaration

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where triggers are made; `notes` is the file of what was made."""

    place: Place
    endpoint_url: str
    notes: Path


class Declared:
    """Makes what is declared, whatever was declared before."""

    def __init__(self, api: HttpApi, cognito: Cognito, registry: Registry, cloud: Cloud) -> None:
        self._api = api
        self._cognito = cognito
        self._registry = registry
        self._cloud = cloud
        self._providing = asyncio.Lock()

    def deploy(self, functions: Mapping[str, Function]) -> LocalPool:
        """Routes and the pool's triggers: at once, so that a route that is protected now lets nobody in."""
        pool = provision_pool(self._cognito.services.pools, functions.values(), self._cloud.place)
        for function in functions.values():
            settings = triggers.event_settings(function, self._cloud.place)
            self._registry.direct_events(function.name, {LATEST: settings})
        issuer = Issuer(pool.issuer, frozenset({pool.client_id}))
        self._api.deploy(Routes.declared([declaration(one) for one in functions.values()], issuer))
        return pool

    async def provide(self, functions: Mapping[str, Function]) -> None:
        """Queues, topics and the like, through the AWS endpoint; the latest declaration comes last."""
        async with self._providing:
            await asyncio.to_thread(self._provide, functions)

    def _provide(self, functions: Mapping[str, Function]) -> None:
        import boto3

        # A session of its own, since they keep what they read: 9 MB.
        connect = functools.partial(_connect, boto3.Session(), self._cloud)
        place = self._cloud.place
        triggers.provision(functions.values(), connect, place, datetime.now(UTC), self._cloud.notes)


class Edits:
    """Hears of edited manifests while it all runs (toolchain.local.workers.source.Listeners)."""

    def __init__(self, announcer: Announcer, say: Callable[[str], None]) -> None:
        self._announcer = announcer
        self._say = say
        self._declared: Declared | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, declared: Declared) -> None:
        """From now on, have it make what has changed."""
        self._declared = declared

    def changed(self, functions: Mapping[str, Function]) -> None:
        if self._declared:
            self._declared.deploy(functions)
            task = asyncio.get_running_loop().create_task(self._provide(self._declared, functions))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self._announcer.declared(describe_routes(functions.values()))

    def broken(self, error: ToolchainError) -> None:
        self._announcer.broken(error.problems)

    async def _provide(self, declared: Declared, functions: Mapping[str, Function]) -> None:
        try:
            await declared.provide(functions)
        except Exception as error:  # noqa: BLE001 - the boundary: nobody waits; boto3 has many errors
            _log.exception("triggers")
            self._say(f"not all that functions declare could be made: {error}")


def _connect(session: Any, cloud: Cloud, service: str) -> Any:  # noqa: ANN401 - boto3 has no types
    return session.client(
        service,
        endpoint_url=cloud.endpoint_url,
        region_name=cloud.place.region,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - any will do
    )
