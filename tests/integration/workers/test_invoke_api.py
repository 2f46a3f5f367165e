"""Lambda's Invoke as boto3 sees it."""

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from queue import Queue
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.integration.workers.world import World
from tests.unit.workers_fakes import ACCOUNT, ARN, REGION
from toolchain.local.asgi import Receive, Scope, Send
from toolchain.local.aws.invoke_api import InvokeApi
from toolchain.local.http_api import serving
from toolchain.local.place import Place
from toolchain.local.ports import listen, port_of
from toolchain.local.workers.destinations import EventOutcome
from toolchain.local.workers.events import LocalEvents

type Client = Any
"""boto3's clients have no types."""


class Served:
    """An address, and the outcomes of asynchronous calls that were made there."""

    def __init__(self, port: int, outcomes: "Queue[EventOutcome]", written: list[str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.outcomes = outcomes
        self.written = written
        """Functions that are there to be found."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Workers in a thread; `worker` has version 1, which `live` points at, and `stopped` takes no calls."""
    world = World(tmp_path_factory.mktemp("invoke"))
    ports: Queue[int] = Queue()
    outcomes: Queue[EventOutcome] = Queue()
    written: list[str] = []
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    serve = _serve(world, ports, outcomes, written, stop)
    thread = threading.Thread(target=loop.run_until_complete, args=[serve])
    thread.start()
    try:
        yield Served(ports.get(timeout=60), outcomes, written)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


async def _serve(
    world: World,
    ports: "Queue[int]",
    outcomes: "Queue[EventOutcome]",
    written: list[str],
    stop: asyncio.Event,
) -> None:
    async def take(outcome: EventOutcome) -> None:
        outcomes.put(outcome)

    codes = [
        world.code(),
        world.code(version="1", environment={**world.code().environment, "AWS_LAMBDA_FUNCTION_VERSION": "1"}),
        world.code(version="2", reserved_concurrency=0),
    ]
    async with world.open(*codes) as workers:
        workers.registry.point("worker", "live", "1")
        listener = listen(0)

        async def find_new() -> None:
            for name in written:
                workers.registry.register(replace(world.code(), name=name, arn=f"{ARN}{name}"))

        events = LocalEvents(workers.functions, take)
        api = InvokeApi(workers.functions, events, _others, Place(ACCOUNT, REGION), find_new)
        async with serving(api, listener):
            ports.put(port_of(listener))
            await stop.wait()


async def _others(scope: Scope, _: Receive, send: Send) -> None:
    """The rest of the AWS endpoint."""
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


@pytest.fixture(scope="module")
def client(served: Served) -> Client:
    return boto3.client(
        "lambda",
        endpoint_url=served.url,
        region_name="eu-west-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )


def _event(**event: object) -> bytes:
    return json.dumps(event).encode()


def test_result(client: Client) -> None:
    response = client.invoke(FunctionName="worker", Payload=_event(do="about"))
    assert (response["StatusCode"], response["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in response
    assert "LogResult" not in response
    assert json.loads(response["Payload"].read())["id"] == response["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize(
    ("arguments", "arn", "version"),
    [
        ({"FunctionName": "worker"}, f"{ARN}worker", "$LATEST"),
        ({"FunctionName": f"{ARN}worker"}, f"{ARN}worker", "$LATEST"),
        ({"FunctionName": f"{ARN}worker:live"}, f"{ARN}worker:live", "1"),
        ({"FunctionName": "worker", "Qualifier": "live"}, f"{ARN}worker:live", "1"),
        ({"FunctionName": "worker:1"}, f"{ARN}worker:1", "1"),
        ({"FunctionName": "worker", "Qualifier": "$LATEST"}, f"{ARN}worker:$LATEST", "$LATEST"),
    ],
)
def test_names_and_qualifiers(client: Client, arguments: dict[str, str], arn: str, version: str) -> None:
    response = client.invoke(Payload=_event(do="describe_context"), **arguments)
    context = json.loads(response["Payload"].read())
    assert response["ExecutedVersion"] == version
    assert (context["arn"], context["version"]) == (arn, version)


def test_client_context(client: Client) -> None:
    context = base64.b64encode(b'{"custom": {"color": "blue"}}').decode()
    response = client.invoke(
        FunctionName="worker", ClientContext=context, Payload=_event(do="describe_context")
    )
    assert json.loads(response["Payload"].read())["custom"] == {"color": "blue"}


def test_client_context_is_for_synchronous_calls_only(client: Client, served: Served) -> None:
    """https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestSyntax."""
    context = base64.b64encode(b'{"custom": {"color": "blue"}}').decode()
    event = _event(do="describe_context")
    client.invoke(FunctionName="worker", InvocationType="Event", ClientContext=context, Payload=event)
    invocation = served.outcomes.get(timeout=30).invocation
    assert invocation
    assert json.loads(invocation.payload)["custom"] is None


def test_function_that_fails(client: Client) -> None:
    """Reached, so 200; the header says the rest."""
    response = client.invoke(FunctionName="worker", Payload=_event(do="fail"))
    assert (response["StatusCode"], response["FunctionError"]) == (200, "Unhandled")
    assert json.loads(response["Payload"].read())["errorMessage"] == "no such account"


def test_end_of_the_log(client: Client) -> None:
    response = client.invoke(FunctionName="worker", LogType="Tail", Payload=_event(do="speak"))
    log = base64.b64decode(response["LogResult"]).decode()
    request_id = response["ResponseMetadata"]["RequestId"]
    assert f"START RequestId: {request_id} Version: $LATEST\nprinted\n" in log
    assert f"\nREPORT RequestId: {request_id}\tDuration: " in log


def test_event(client: Client, served: Served) -> None:
    """Accepted at once, run later."""
    response = client.invoke(FunctionName="worker:live", InvocationType="Event", Payload=_event(do="echo"))
    assert (response["StatusCode"], response["Payload"].read()) == (202, b"")
    outcome = served.outcomes.get(timeout=30)
    assert outcome.request_id == response["ResponseMetadata"]["RequestId"]
    assert (outcome.condition, outcome.arn) == ("Success", f"{ARN}worker:live")


def test_invoke_async(client: Client, served: Served) -> None:
    """The way before Event, which the CLI still has: https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html."""
    response = client.invoke_async(FunctionName="worker", InvokeArgs=_event(do="echo"))
    assert response["Status"] == 202
    outcome = served.outcomes.get(timeout=30)
    assert outcome.request_id == response["ResponseMetadata"]["RequestId"]
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke_async(FunctionName="nothing", InvokeArgs=b"{}")


def test_function_that_has_just_been_written(client: Client, served: Served) -> None:
    """It is looked for before a call is told that there is none."""
    served.written.append("fresh")
    response = client.invoke(FunctionName="fresh", Payload=_event(do="about"))
    assert response["StatusCode"] == 200


def test_dry_run(client: Client) -> None:
    response = client.invoke(FunctionName="worker", InvocationType="DryRun", Payload=_event(do="exit"))
    assert (response["StatusCode"], response["Payload"].read()) == (204, b"")


def test_no_payload(client: Client) -> None:
    response = client.invoke(FunctionName="worker")
    assert json.loads(response["Payload"].read())["event"] == {}


def test_large_payloads(client: Client) -> None:
    response = client.invoke(FunctionName="worker", Payload=_event(do="return_much", bytes=6_000_000))
    assert len(response["Payload"].read()) == 6_000_002


@pytest.mark.parametrize(
    ("arguments", "exception", "message"),
    [
        (
            {"FunctionName": "nothing"},
            "ResourceNotFoundException",
            f"Function not found: {ARN}nothing",
        ),
        (
            {"FunctionName": "nothing", "InvocationType": "DryRun"},
            "ResourceNotFoundException",
            f"Function not found: {ARN}nothing",
        ),
        (
            {"FunctionName": "worker", "Qualifier": "9"},
            "ResourceNotFoundException",
            f"Function not found: {ARN}worker:9",
        ),
        (
            {"FunctionName": "worker:live", "Qualifier": "1"},
            "InvalidParameterValueException",
            "The derived qualifier from the function name does not match the specified qualifier.",
        ),
        (
            {"FunctionName": "worker", "InvocationType": "Later"},
            "InvalidParameterValueException",
            "InvocationType is Later; use RequestResponse, Event or DryRun",
        ),
        (
            {"FunctionName": "worker", "Payload": b"{not JSON"},
            "InvalidRequestContentException",
            ("Could not parse request body into json: Could not parse payload into json: "
            "unexpected character, expected a string key: line 1 column 2 (char 1)"),
        ),
        (
            {"FunctionName": "worker", "ClientContext": "???"},
            "InvalidRequestContentException",
            "Client context must be a valid Base64-encoded JSON object.",
        ),
        ({"FunctionName": "worker:2"}, "TooManyRequestsException", "Rate Exceeded."),
    ],
)  # fmt: skip
def test_refusals_are_the_clients_exceptions(
    client: Client, arguments: dict[str, Any], exception: str, message: str
) -> None:
    with pytest.raises(getattr(client.exceptions, exception)) as error:
        client.invoke(**arguments)
    assert error.value.response["Error"] == {"Code": exception, "Message": message}
    assert error.value.response["Type"] == "User"


def test_reason_of_throttling(client: Client) -> None:
    with pytest.raises(client.exceptions.TooManyRequestsException) as error:
        client.invoke(FunctionName="worker:2")
    assert error.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"


@pytest.mark.parametrize(
    ("kind", "size", "limit"),
    [
        ("RequestResponse", 6_291_457, 6_291_456),
        ("RequestResponse", 20_000_000, 6_291_456),
        ("Event", 1_048_577, 1_048_576),
    ],
)
def test_payload_that_is_too_large(client: Client, kind: str, size: int, limit: int) -> None:
    """AWS's code for this is not in the SDK's model."""
    with pytest.raises(ClientError) as error:
        client.invoke(FunctionName="worker", InvocationType=kind, Payload=b'"' + b"x" * (size - 2) + b'"')
    assert error.value.response["Error"] == {
        "Code": "RequestEntityTooLargeException",
        "Message": f"{size} byte payload is too large for the {kind} invocation type (limit {limit} bytes)",
    }
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413


def test_everything_else_is_passed_on(client: Client) -> None:
    with pytest.raises(ClientError) as error:
        client.get_function(FunctionName="worker")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 418
