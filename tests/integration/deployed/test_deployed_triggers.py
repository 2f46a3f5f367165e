"""Triggers of deployed functions beside those of the source: each event is one call of one function."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.deployed.stack import build_application
from tests.integration.deployed.trigger_stack import TriggerStack
from tests.integration.running_up import Cloud, until

PROJECT = Path(__file__).parents[2] / "projects" / "deployed"
SOURCES = ["aws:dynamodb", "aws:s3", "aws:sns", "aws:sqs", "aws:sqs", "shop.bills"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TriggerStack]:
    """`up` from the sample project's source, with a stage of it."""
    root = tmp_path_factory.mktemp("triggers") / "project"
    shutil.copytree(PROJECT, root)
    document = build_application(root)
    with Cloud(root) as cloud:
        stack = TriggerStack(cloud.start(), root / "dist")
        stack.deploy_function(document["functions"]["work"])
        stack.deploy_triggers(document["functions"]["work"])
        yield stack
        cloud.stop()


def calls(stack: TriggerStack, function: str) -> list[dict[str, Any]]:
    """What the function has logged: its events, each with the ARN by which it came."""
    log = stack.dist.parent / ".local" / "logs" / f"{function}.log"
    lines = log.read_text().splitlines() if log.exists() else []
    found = [json.loads(line.partition(" ")[2]) for line in lines if '"event":' in line]
    return [call for call in found if "please fail" not in json.dumps(call)]


def sources(found: list[dict[str, Any]]) -> list[str]:
    """Where events came from, sorted; a schedule's has the task of its input."""
    records = [call["event"].get("Records", [call["event"]])[0] for call in found]
    names = ("eventSource", "EventSource", "source", "task")
    return sorted(next(record[name] for name in names if name in record) for record in records)


def test_each_event_calls_one_function_once(stack: TriggerStack) -> None:
    """The deployed one by its alias; what is sent to the source's own queues calls the source.

    A rate begins when its schedule is made; that of the source a period after, as it is made at each start.
    """
    deployed = sorted([*SOURCES, "sweep"])
    stack.send("app-dev-")
    until(lambda: sources(calls(stack, "app-dev-work")) == deployed or None)
    assert {call["arn"] for call in calls(stack, "app-dev-work")} == {stack.alias("work")}
    assert calls(stack, "work") == []
    stack.send("")
    until(lambda: sources(calls(stack, "work")) == SOURCES or None)
    assert sources(calls(stack, "app-dev-work")) == deployed


def lost_event(stack: TriggerStack) -> dict[str, Any]:
    """The record of an event that the function fails at."""
    stack.client("sns").publish(
        TopicArn=stack.arn("sns", "app-dev-news"),
        Message="please fail",
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "order"}},
    )
    sqs = stack.client("sqs")
    url = sqs.get_queue_url(QueueName="app-dev-work-failures")["QueueUrl"]
    [message] = until(lambda: sqs.receive_message(QueueUrl=url).get("Messages"))
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    record: dict[str, Any] = json.loads(message["Body"])
    return record


def test_lost_events_go_where_the_alias_says(stack: TriggerStack) -> None:
    """After the attempts that it was configured with, as it is configured now."""
    record = lost_event(stack)
    assert record["requestContext"] | {"requestId": ""} == {
        "requestId": "",
        "functionArn": stack.alias("work"),
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 2,
    }
    assert record["responsePayload"]["errorMessage"] == "as asked"
    stack.client("lambda").update_function_event_invoke_config(
        FunctionName=stack.name("work"), Qualifier="live", MaximumRetryAttempts=0
    )
    assert lost_event(stack)["requestContext"]["approximateInvokeCount"] == 1
