"""Serves the HTTP APIs that moto's control plane has, each at its own address."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from toolchain.errors import LocalCloudError
from toolchain.local.asgi import Receive, Scope, Send
from toolchain.local.deployed.access_logs import AccessLogs
from toolchain.local.deployed.addresses import Addresses
from toolchain.local.deployed.api_state import DeployedApi, Stage, new_problems, protocol_of, read_api
from toolchain.local.deployed.event_loop import await_in
from toolchain.local.http_api import Api, HttpApi, KeySource, Settings, serving
from toolchain.local.invocation import Functions
from toolchain.local.place import Place

if TYPE_CHECKING:
    from moto.apigatewayv2.models import ApiGatewayV2Backend

_log = logging.getLogger(__name__)
DEFAULT_STAGE = "$default"


@dataclass(frozen=True, slots=True)
class Front:
    """What serves APIs: `changed` is told all of them, by address, whenever there are others."""

    functions: Functions
    keys: KeySource
    addresses: Addresses
    logs: AccessLogs
    loop: asyncio.AbstractEventLoop
    changed: Callable[[Mapping[str, str]], None]


@dataclass(slots=True)
class Stages:
    """The ASGI application of one API: the first segment of the path, or nothing, names the stage."""

    default: HttpApi
    by_name: dict[str, HttpApi] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = scope["path"].lstrip("/").partition("/")[0] if self.by_name else ""
        await self.by_name.get(first, self.default)(scope, receive, send)


@dataclass(slots=True)
class _Served:
    """`closing` ends the server."""

    api: DeployedApi
    stages: Stages
    closing: AsyncExitStack


class DeployedApis:
    """The servers; told of changes by threads, they live in the event loop."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._served: dict[str, _Served] = {}
        self._changing = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    def follow(self, place: Place, api_id: str) -> None:
        """Serve the API as moto has it now; requests that have found their route are not disturbed.

        Raises LocalCloudError for what can't be served here, if that is new.
        """
        check_protocol(api_id, protocol_of(place, api_id))
        if problems := await_in(self._front.loop, self._follow(place, api_id)):
            raise LocalCloudError(problems)

    def url(self, place: Place, api_id: str) -> str | None:
        """Where an HTTP API is."""
        is_http = protocol_of(place, api_id) == "HTTP"
        return self._front.addresses.url(place, api_id) if is_http else None

    async def close(self) -> None:
        """End all servers, at once; addresses stay noted."""
        ending = [served.closing.aclose() for served in self._served.values()]
        self._served.clear()
        await asyncio.gather(*ending, *self._closing, return_exceptions=True)

    async def _follow(self, place: Place, api_id: str) -> list[str]:
        """The state is read here, so that the latest change is what is served; problems that are new."""
        async with self._changing:
            api = read_api(place, api_id)
            served = self._served.get(api_id)
            if api is None:
                self._end(place, api_id)
                return []
            before = served.api if served else None
            if served is None:
                await self._begin(api)
            else:
                served.api = api
                self._update(served.stages, api)
            _warn(api, before)
            self._tell()
            known = before.problems if before else ()
            return [problem for problem in api.problems if problem not in known]

    async def _begin(self, api: DeployedApi) -> None:
        stages = Stages(self._stage(api, None))
        self._update(stages, api)
        closing = AsyncExitStack()
        await closing.enter_async_context(serving(stages, self._front.addresses.listener(api.place, api.id)))
        self._served[api.id] = _Served(api, stages, closing)

    def _update(self, stages: Stages, api: DeployedApi) -> None:
        """A new application for each stage: the settings of one don't change."""
        made = {stage.name: self._stage(api, stage) for stage in api.stages}
        stages.default = made.get(DEFAULT_STAGE) or self._stage(api, None)
        stages.by_name = {name: stage for name, stage in made.items() if name != DEFAULT_STAGE}

    def _stage(self, api: DeployedApi, stage: Stage | None) -> HttpApi:
        """The application of a stage; without one, it has no routes."""
        name = stage.name if stage else DEFAULT_STAGE
        identity = Api(api.place.account_id, api.id, api.place.region, name, stage.variables if stage else ())
        settings = Settings(identity, self._front.keys, api.cors)
        if api.timeouts_seconds:
            settings = replace(settings, integration_timeout_seconds=max(api.timeouts_seconds))
        if stage and stage.log:
            group, template = stage.log
            write = self._front.logs.writer(identity, api.place, group, template)
            settings = replace(settings, access_log=write)
        application = HttpApi(self._front.functions, settings)
        if stage:
            application.deploy(api.routes)
        return application

    def _end(self, place: Place, api_id: str) -> None:
        """Requests that run have their time, and nobody waits for it; new ones find nothing."""
        served = self._served.pop(api_id, None)
        listener = self._front.addresses.forget(place, api_id)
        if listener and not served:
            listener.close()
        if served:
            self._update(served.stages, replace(served.api, stages=()))
            task = self._front.loop.create_task(served.closing.aclose())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
            self._tell()

    def _tell(self) -> None:
        apis = [served.api for served in self._served.values()]
        self._front.changed({self._front.addresses.url(api.place, api.id): api.name for api in apis})


def check_protocol(api: str, protocol: str | None) -> None:
    """Raise LocalCloudError for an API that is of a kind that is not done here."""
    if protocol == "WEBSOCKET":
        raise LocalCloudError(f"API {api}: WebSocket APIs are not supported locally; use HTTP")


def check_routes(place: Place, api_id: str, changed: "ApiGatewayV2Backend") -> None:
    """Raise LocalCloudError for routes that could not be served here after a change."""
    if problems := new_problems(place, api_id, changed):
        raise LocalCloudError(problems)


def _warn(api: DeployedApi, before: DeployedApi | None) -> None:
    """Say of each new stage what it has on AWS and not here."""
    if len(api.timeouts_seconds) > 1 and (before is None or before.timeouts_seconds != api.timeouts_seconds):
        longest = max(api.timeouts_seconds)
        _log.warning("API %s: its integrations' timeouts differ; here, all have %s s", api.name, longest)
    known = {stage.name for stage in before.stages} if before else set()
    for stage in api.stages:
        if stage.name not in known and stage.is_throttled:
            _log.info("API %s: the throttling of stage %s is not done locally", api.name, stage.name)
        if stage.name not in known and not stage.deploys_itself:
            _log.warning(
                "API %s: stage %s has no auto_deploy; here, changes count at once", api.name, stage.name
            )
