"""A local cloud with fake functions: the AWS endpoint on a socket, and triggers, in one event loop."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
import uvicorn
from botocore.config import Config
from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend

from toolchain.local.aws.endpoint import AwsEndpoint
from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.moto_app import MotoApp
from toolchain.local.invocation import FunctionNotFoundError, Invocation, TooManyRequestsError
from toolchain.local.triggers.running import start

REGION = "eu-west-1"
ACCOUNT_ID = "123456789012"
ROLE = "arn:aws:iam::123456789012:role/functions"

# Making these is what takes time: all tests share them. moto's state is the process's anyhow.
_SESSION = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local")
_CLIENTS = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
_MOTO = MotoApp(Corrections())

type Event = dict[str, Any]
type Answer = Callable[[Event], object]


def function_arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}"


def connect(endpoint: str, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients' classes at run time
    """A client of boto3."""
    return _SESSION.client(service, endpoint_url=endpoint, config=_CLIENTS, region_name=REGION)


class HandlerError(Exception):
    """A fake handler raises it to fail."""


@dataclass
class FakeFunctions:
    """Functions that are Python callables; whatever else is called does not exist."""

    answers: dict[str, Answer]
    free_slots: int = 1000
    calls: list[tuple[str, Event]] = field(default_factory=list)
    running: int = 0
    most_running: int = 0

    def resolve(self, name: str) -> str:
        short = name.removeprefix(function_arn(""))
        if short not in self.answers:
            raise FunctionNotFoundError(f"Function not found: {name}")
        return short

    async def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        qualifier: str | None = None,
        client_context: bytes | None = None,
        trace: str | None = None,
    ) -> Invocation:
        assert (qualifier, client_context, trace) == (None, None, None), "triggers send none of them"
        short = self.resolve(name)
        if self.running >= self.free_slots:
            raise TooManyRequestsError("ReservedFunctionConcurrentInvocationLimitExceeded")
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            return await self._run(short, json.loads(payload))
        finally:
            self.running -= 1

    async def enqueue(
        self,
        name: str,
        payload: bytes,
        *,
        qualifier: str | None = None,
        client_context: bytes | None = None,
        trace: str | None = None,
    ) -> str:
        invocation = await self.invoke(
            name, payload, qualifier=qualifier, client_context=client_context, trace=trace
        )
        return invocation.request_id

    async def _run(self, name: str, event: Event) -> Invocation:
        self.calls.append((name, event))
        try:
            answer = self.answers[name](event)
            if isinstance(answer, Coroutine):
                answer = await answer
        except HandlerError as error:
            failure = {"errorMessage": str(error), "errorType": "HandlerError"}
            return Invocation("id", json.dumps(failure).encode(), error="Unhandled")
        return Invocation("id", json.dumps(answer).encode())

    def events(self, name: str) -> list[Event]:
        return [event for called, event in list(self.calls) if called == name]

    def records(self, name: str) -> list[Event]:
        return [record for event in self.events(name) for record in event["Records"]]


@dataclass
class World:
    """Clients, functions, and the triggers between them."""

    endpoint: str
    functions: FakeFunctions
    loop: asyncio.AbstractEventLoop
    now: datetime | None = None
    _clients: dict[str, Any] = field(default_factory=dict)

    def turn_to(self, now: datetime) -> None:
        """Set the time. Any change of schedules has the clock look at it; first, it sees the earlier ones."""
        self.run(_let_others_run())
        self.now = now
        self.client("events").put_rule(Name="unused", ScheduleExpression="rate(1 day)", State="DISABLED")

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients' classes at run time
        if service not in self._clients:
            self._clients[service] = connect(self.endpoint, service)
        return self._clients[service]

    def create_function(self, name: str) -> str:
        """In moto's control plane, where event source mappings need it."""
        self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")
        created = self.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=f"arn:aws:iam::{ACCOUNT_ID}:role/{name}",
            Handler="handler.handler",
            Timeout=1,  # so that messages of queues may be seen again soon
            Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
        )
        return str(created["FunctionArn"])

    def run[Result](self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def wait(self, condition: Callable[[], object], seconds: float = 10.0) -> None:
        """Until the condition holds; fails when it does not in time."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"not within {seconds} s; calls: {self.functions.calls}"
            time.sleep(0.01)


async def _let_others_run() -> None:
    """All that is ready to run in the loop has run."""
    for _ in range(100):
        await asyncio.sleep(0)


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """The AWS endpoint without any state, in the loop that runs; its URL."""
    default_user_config["iam"]["load_aws_managed_policies"] = False  # a thousand, at each reset
    moto_api_backend.reset()
    endpoint = AwsEndpoint(_MOTO)
    server = uvicorn.Server(uvicorn.Config(endpoint, port=0, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await task
        endpoint.close()
        default_user_config["iam"]["load_aws_managed_policies"] = True  # as MotoApp has it


@contextmanager
def world(
    answers: dict[str, Answer], *, free_slots: int = 1000, now: datetime | None = None
) -> Iterator[World]:
    """An empty cloud, with triggers on. Its time stands still if it is given."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = AsyncExitStack()
    cloud = World("", FakeFunctions(answers, free_slots), loop, now)
    cloud.endpoint = cloud.run(server.enter_async_context(serving()))
    functions = cloud.functions
    triggers = cloud.run(
        start(functions, functions, functions.resolve, now=lambda: cloud.now or datetime.now(UTC))
    )
    try:
        yield cloud
    finally:
        cloud.run(triggers.stop())
        cloud.run(server.aclose())
        assert not cloud.run(_tasks()), "something runs on"
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _tasks() -> set[asyncio.Task[Any]]:
    return asyncio.all_tasks() - {asyncio.current_task()}
