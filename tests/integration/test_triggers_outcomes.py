"""How asynchronous calls end: at destinations, and in dead-letter queues."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integration.trigger_world import ACCOUNT_ID, REGION, World, function_arn, world
from tests.unit.workers_fakes import code_of
from toolchain.local.invocation import FunctionNotFoundError, Invocation
from toolchain.local.triggers.outcomes import Outcomes
from toolchain.local.workers.destinations import Condition, EventOutcome
from toolchain.local.workers.event_settings import EventSettings
from toolchain.local.workers.registry import Target

FAILED = Invocation("id", b'{"errorMessage": "no stock"}', error="Unhandled")
SUCCEEDED = Invocation("id", b'"done"')


def outcome_of(condition: Condition, invocation: Invocation | None) -> EventOutcome:
    return EventOutcome(
        "id", f"{function_arn('worker')}:live", b'{"n":1}', condition, 3, datetime.now(UTC), invocation
    )


def tell(cloud: World, target: Target | None, outcome: EventOutcome) -> None:
    def resolve(arn: str) -> Target:
        assert arn == outcome.arn
        if target is None:
            raise FunctionNotFoundError("gone")
        return target

    async def run() -> None:
        outcomes = Outcomes(resolve)
        outcomes.deliver_through(cloud.functions)
        await outcomes.tell(outcome)
        await asyncio.sleep(0)

    cloud.run(run())


def queue(cloud: World, name: str) -> str:
    cloud.client("sqs").create_queue(QueueName=name)
    return f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{name}"


def messages(cloud: World, name: str) -> list[dict[str, Any]]:
    url = cloud.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
    answer = cloud.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    found: list[dict[str, Any]] = answer.get("Messages", [])
    return found


@pytest.mark.parametrize(
    ("condition", "invocation", "full", "empty"),
    [("Success", SUCCEEDED, "good", "bad"), ("RetriesExhausted", FAILED, "bad", "good")],
)
def test_destinations(*, condition: Condition, invocation: Invocation, full: str, empty: str) -> None:
    """Each hears of its own kind only."""
    with world({}) as cloud:
        settings = EventSettings(on_success=queue(cloud, "good"), on_failure=queue(cloud, "bad"))
        tell(cloud, Target(code_of("worker"), "", settings), outcome_of(condition, invocation))
        [message] = messages(cloud, full)
        assert messages(cloud, empty) == []
    record = json.loads(message["Body"])
    assert record["requestContext"]["condition"] == condition
    assert record["requestContext"]["functionArn"] == f"{function_arn('worker')}:live"
    assert record["requestPayload"] == {"n": 1}
    assert record["responsePayload"] == json.loads(invocation.payload)


@pytest.mark.parametrize(
    ("invocation", "attributes"),
    [
        (FAILED, {"RequestID": "id", "ErrorCode": "200", "ErrorMessage": "no stock"}),
        (None, {"RequestID": "id"}),
    ],
)
def test_dead_letters_are_the_events_themselves(
    invocation: Invocation | None, attributes: dict[str, str]
) -> None:
    with world({}) as cloud:
        code = code_of("worker", dead_letter_arn=queue(cloud, "dead"))
        tell(cloud, Target(code, ""), outcome_of("RetriesExhausted", invocation))
        tell(cloud, Target(code, ""), outcome_of("Success", SUCCEEDED))
        [message] = messages(cloud, "dead")
    assert message["Body"] == '{"n":1}'
    found = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert found == attributes


def test_a_function_as_a_destination() -> None:
    with world({"mourner": lambda _: None}) as cloud:
        settings = EventSettings(on_failure=function_arn("mourner"))
        tell(cloud, Target(code_of("worker"), "", settings), outcome_of("RetriesExhausted", FAILED))
        cloud.wait(lambda: cloud.functions.events("mourner"))
        [event] = cloud.functions.events("mourner")
    assert event["requestPayload"] == {"n": 1}


def test_an_event_bus_as_a_destination() -> None:
    with world({"listener": lambda _: None}) as cloud:
        events = cloud.client("events")
        pattern = {"source": ["lambda"], "detail-type": ["Lambda Function Invocation Result - Failure"]}
        events.put_rule(Name="lost", EventPattern=json.dumps(pattern))
        events.put_targets(Rule="lost", Targets=[{"Id": "1", "Arn": function_arn("listener")}])
        settings = EventSettings(on_failure=f"arn:aws:events:{REGION}:{ACCOUNT_ID}:event-bus/default")
        tell(cloud, Target(code_of("worker"), "", settings), outcome_of("RetriesExhausted", FAILED))
        cloud.wait(lambda: cloud.functions.events("listener"))
        [event] = cloud.functions.events("listener")
    assert event["detail"]["requestPayload"] == {"n": 1}


def test_a_destination_that_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    """Said in the log; and a function that is gone tells nobody."""
    lost = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:nowhere"
    with world({}) as cloud:
        target = Target(code_of("worker", dead_letter_arn=lost), "", EventSettings(on_failure=lost))
        tell(cloud, target, outcome_of("RetriesExhausted", FAILED))
        tell(cloud, None, outcome_of("RetriesExhausted", FAILED))
    given_up = f"{function_arn('worker')}:live is given up after 3 attempts: RetriesExhausted (no stock)"
    assert [record.getMessage() for record in caplog.records] == [
        f"{given_up}; its event goes to {lost}",
        f"function worker: there is no {lost}",
        f"dead letters of {function_arn('worker')}:live: there is no {lost}",
    ]


def test_a_record_that_cannot_be_sent(caplog: pytest.LogCaptureFixture) -> None:
    """With the event in it, it is more than a queue takes. Said in the log, and the event is done."""
    with world({}) as cloud:
        settings = EventSettings(on_success=queue(cloud, "good"))
        result = Invocation("id", json.dumps("x" * (1 << 20)).encode())
        tell(cloud, Target(code_of("worker"), "", settings), outcome_of("Success", result))
        assert messages(cloud, "good") == []
    assert f"how an event of {function_arn('worker')}:live ended could not be sent" in caplog.text
