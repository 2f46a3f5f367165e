"""Queues that call functions, put there by boto3 through a socket."""

import asyncio
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from aws_lambda_powertools.utilities.parser.models import SqsModel
from botocore.exceptions import ClientError

from tests.integration.trigger_world import (
    ACCOUNT_ID,
    REGION,
    Event,
    FakeFunctions,
    HandlerError,
    World,
    world,
)
from toolchain.events.catalog import named_event
from toolchain.local.triggers.mappings import find_mapping

ORDERS = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:orders"


def create_queue(cloud: World, name: str, **attributes: str) -> str:
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    return str(
        cloud.client("sqs").create_queue(QueueName=name, Attributes={**fifo, **attributes})["QueueUrl"]
    )


def map_queue(cloud: World, name: str, **settings: object) -> str:
    cloud.create_function("worker")
    return connect(cloud, name, **settings)


def connect(cloud: World, name: str, **settings: object) -> str:
    """A mapping for a function that is there."""
    source = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{name}"
    mapping = cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=source, FunctionName="worker", **settings
    )
    return str(mapping["UUID"])


def count(cloud: World, url: str, which: str = "ApproximateNumberOfMessages") -> int:
    attributes = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(attributes[which])


def is_empty(cloud: World, url: str) -> bool:
    return not count(cloud, url) and not count(cloud, url, "ApproximateNumberOfMessagesNotVisible")


def bodies(functions: FakeFunctions) -> list[str]:
    return [record["body"] for record in functions.records("worker")]


def test_a_message_as_lambda_sends_it() -> None:
    with world({"worker": lambda _: None}) as cloud:
        url = create_queue(cloud, "orders")
        map_queue(cloud, "orders")
        cloud.client("sqs").send_message(
            QueueUrl=url,
            MessageBody='{"id": 42}',
            MessageAttributes={
                "kind": {"DataType": "String", "StringValue": "order"},
                "blob": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
            },
            MessageSystemAttributes={"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5"}},
        )
        cloud.wait(lambda: cloud.functions.calls and is_empty(cloud, url))

        [event] = cloud.functions.events("worker")
        SqsModel.model_validate(event)
        [record] = event["Records"]
        [sample] = named_event("sqs")["Records"]
        assert record.keys() == sample.keys() | {"md5OfMessageAttributes"}
        assert record["attributes"].keys() == sample["attributes"].keys() | {"AWSTraceHeader"}
        assert record["attributes"]["ApproximateReceiveCount"] == "1"
        assert record["body"] == '{"id": 42}'
        assert record["md5OfBody"] == hashlib.md5(b'{"id": 42}', usedforsecurity=False).hexdigest()
        assert (record["eventSource"], record["eventSourceARN"], record["awsRegion"]) == (
            "aws:sqs",
            ORDERS,
            REGION,
        )
        assert record["messageAttributes"] == {
            "kind": {
                "stringValue": "order",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            },
            "blob": {
                "binaryValue": "AAE=",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "Binary",
            },
        }


def test_messages_from_before_the_mapping() -> None:
    with world({"worker": lambda _: None}) as cloud:
        url = create_queue(cloud, "orders")
        for number in range(25):
            cloud.client("sqs").send_message(QueueUrl=url, MessageBody=str(number))
        map_queue(cloud, "orders", BatchSize=10)
        cloud.wait(lambda: is_empty(cloud, url))

        assert sorted(map(int, bodies(cloud.functions))) == list(range(25))
        assert sorted(len(event["Records"]) for event in cloud.functions.events("worker")) == [5, 10, 10]


def test_a_batching_window() -> None:
    """A batch that is full goes at once; one that is not waits."""
    with world({"worker": lambda _: None}) as cloud:
        url = create_queue(cloud, "orders")
        map_queue(cloud, "orders", BatchSize=3, MaximumBatchingWindowInSeconds=1)
        for number in range(4):
            cloud.client("sqs").send_message(QueueUrl=url, MessageBody=str(number))
        cloud.wait(lambda: is_empty(cloud, url))

        assert [len(event["Records"]) for event in cloud.functions.events("worker")] == [3, 1]


def test_only_the_failed_messages_return() -> None:
    seen: set[str] = set()

    def fail_twos_once(event: Event) -> Event:
        failed = [r["messageId"] for r in event["Records"] if r["body"] == "2" and r["body"] not in seen]
        seen.update(record["body"] for record in event["Records"])
        return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}

    with world({"worker": fail_twos_once}) as cloud:
        url = create_queue(cloud, "orders", VisibilityTimeout="1")
        for number in range(4):
            cloud.client("sqs").send_message(QueueUrl=url, MessageBody=str(number))
        map_queue(cloud, "orders", FunctionResponseTypes=["ReportBatchItemFailures"])
        cloud.wait(lambda: is_empty(cloud, url))

        assert bodies(cloud.functions) == ["0", "1", "2", "3", "2"]
        assert cloud.functions.records("worker")[-1]["attributes"]["ApproximateReceiveCount"] == "2"


def test_failures_are_not_looked_at_unless_the_mapping_says_so() -> None:
    with world({"worker": lambda _: {"batchItemFailures": [{"itemIdentifier": "x"}]}}) as cloud:
        url = create_queue(cloud, "orders", VisibilityTimeout="1")
        map_queue(cloud, "orders")
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody="1")
        cloud.wait(lambda: cloud.functions.calls and is_empty(cloud, url))


def test_the_dead_letter_queue() -> None:
    """Where a message goes that was received as often as maxReceiveCount allows."""

    def fail(_: Event) -> None:
        raise HandlerError("no")

    with world({"worker": fail}) as cloud:
        dead_url = create_queue(cloud, "orders-dlq")
        redrive = {"deadLetterTargetArn": f"{ORDERS}-dlq", "maxReceiveCount": 2}
        url = create_queue(cloud, "orders", VisibilityTimeout="1", RedrivePolicy=json.dumps(redrive))
        map_queue(cloud, "orders")
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody="poison")
        cloud.wait(lambda: count(cloud, dead_url))

        assert bodies(cloud.functions) == ["poison", "poison"]
        assert is_empty(cloud, url)
        [message] = cloud.client("sqs").receive_message(QueueUrl=dead_url)["Messages"]
        assert message["Body"] == "poison"


def test_a_fifo_queue_keeps_the_order_of_each_group() -> None:
    """While one batch of a group is processed, no other message of the group is."""
    processed: list[str] = []

    async def process(event: Event) -> None:
        groups = {record["attributes"]["MessageGroupId"] for record in event["Records"]}
        assert not groups & busy
        busy.update(groups)
        await asyncio.sleep(0.02)
        busy.difference_update(groups)
        processed.extend(record["body"] for record in event["Records"])

    busy: set[str] = set()
    with world({"worker": process}) as cloud:
        url = create_queue(cloud, "orders.fifo", ContentBasedDeduplication="true")
        map_queue(cloud, "orders.fifo", BatchSize=2)
        for number in range(10):
            for group in "ab":
                cloud.client("sqs").send_message(
                    QueueUrl=url, MessageBody=f"{group}{number}", MessageGroupId=group
                )
        cloud.wait(lambda: is_empty(cloud, url))

        for group in "ab":
            assert [body for body in processed if body[0] == group] == [f"{group}{n}" for n in range(10)]
        numbers = [int(r["attributes"]["SequenceNumber"]) for r in cloud.functions.records("worker")]
        assert len(set(numbers)) == 20


def test_a_fifo_queue_delivers_a_message_once_that_is_sent_twice() -> None:
    """Also when the first was processed already."""
    with world({"worker": lambda _: None}) as cloud:
        url = create_queue(cloud, "orders.fifo")
        map_queue(cloud, "orders.fifo")
        for number in ("1", "1", "2"):
            cloud.client("sqs").send_message(
                QueueUrl=url, MessageBody="order", MessageGroupId="a", MessageDeduplicationId=number
            )
            cloud.wait(lambda: is_empty(cloud, url))

        assert len(cloud.functions.records("worker")) == 2


def test_a_function_that_is_busy() -> None:
    """Throttled calls are tried again; no message is lost, and none is failed."""

    async def work(_: Event) -> None:
        await asyncio.sleep(0.01)

    with world({"worker": work}, free_slots=1) as cloud:
        url = create_queue(cloud, "orders")
        map_queue(cloud, "orders", BatchSize=1)
        for number in range(20):
            cloud.client("sqs").send_message(QueueUrl=url, MessageBody=str(number))
        cloud.wait(lambda: is_empty(cloud, url))

        assert sorted(map(int, bodies(cloud.functions))) == list(range(20))
        assert cloud.functions.most_running == 1


def test_filters() -> None:
    """What they hold back is deleted."""
    pattern = json.dumps({"body": {"kind": ["order"]}})
    with world({"worker": lambda _: None}) as cloud:
        url = create_queue(cloud, "orders")
        map_queue(cloud, "orders", FilterCriteria={"Filters": [{"Pattern": pattern}]})
        for body in ('{"kind": "order"}', '{"kind": "refund"}', "no JSON"):
            cloud.client("sqs").send_message(QueueUrl=url, MessageBody=body)
        cloud.wait(lambda: is_empty(cloud, url))

        assert bodies(cloud.functions) == ['{"kind": "order"}']


@pytest.mark.parametrize("pattern", ["{", "[]", '{"body": 1}', '{"body": []}', '{"body": [{"is": 1}]}'])
def test_a_filter_that_is_none(pattern: str) -> None:
    """It is refused; one that is there all the same keeps no other mapping from working."""
    criteria = {"Filters": [{"Pattern": pattern}]}
    with world({"worker": lambda _: None}) as cloud:
        create_queue(cloud, "orders")
        uuid = map_queue(cloud, "orders")
        with pytest.raises(ClientError, match="Invalid filter pattern definition"):
            connect(cloud, "orders", FilterCriteria=criteria)
        with pytest.raises(ClientError, match="Invalid filter pattern definition"):
            cloud.client("lambda").update_event_source_mapping(UUID=uuid, FilterCriteria=criteria)

        vars(find_mapping(uuid))["filter_criteria"] = criteria
        url = create_queue(cloud, "others")
        connect(cloud, "others")
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody="1")
        cloud.wait(lambda: is_empty(cloud, url))


def test_a_mapping_that_is_disabled_and_enabled() -> None:
    with world({"worker": lambda _: None}) as cloud:
        url = create_queue(cloud, "orders")
        uuid = map_queue(cloud, "orders", Enabled=False)
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody="1")
        assert count(cloud, url) == 1
        cloud.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=True)
        cloud.wait(lambda: is_empty(cloud, url))

        cloud.client("lambda").delete_event_source_mapping(UUID=uuid)
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody="2")
        assert count(cloud, url) == 1
        assert bodies(cloud.functions) == ["1"]


def test_many_senders() -> None:
    """Messages that are sent while others are deleted: each arrives once."""
    with world({"worker": lambda _: None}) as cloud:
        url = create_queue(cloud, "orders")
        map_queue(cloud, "orders")
        client = cloud.client("sqs")

        def send(start: int) -> None:
            entries = [{"Id": str(n), "MessageBody": str(start + n)} for n in range(10)]
            client.send_message_batch(QueueUrl=url, Entries=entries)

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(send, range(0, 1000, 10)))
        cloud.wait(lambda: is_empty(cloud, url))

        assert sorted(map(int, bodies(cloud.functions))) == list(range(1000))
