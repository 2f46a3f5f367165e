"""Tables whose changes call functions, written by boto3 through a socket."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.parser.models import (
    DynamoDBStreamLambdaOnFailureDestinationModel,
    DynamoDBStreamModel,
)

from tests.integration.trigger_world import ACCOUNT_ID, REGION, Event, HandlerError, World, world
from toolchain.events.catalog import named_event
from toolchain.local.triggers.mappings import Source
from toolchain.local.triggers.streams.shard import Positions, find_shard


def create_table(cloud: World, view: str = "NEW_AND_OLD_IMAGES") -> str:
    table = cloud.client("dynamodb").create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": view},
    )
    return str(table["TableDescription"]["LatestStreamArn"])


def map_stream(cloud: World, arn: str, position: str = "LATEST", **settings: object) -> str:
    cloud.create_function("worker")
    mapping = cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=arn, FunctionName="worker", StartingPosition=position, **settings
    )
    return str(mapping["UUID"])


def put(cloud: World, key: str, **attributes: object) -> None:
    cloud.client("dynamodb").put_item(TableName="things", Item={"id": {"S": key}, **attributes})


def keys(records: list[Event]) -> list[str]:
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in records]


def test_changes_as_lambda_sends_them() -> None:
    with world({"worker": lambda _: None}) as cloud:
        arn = create_table(cloud)
        map_stream(cloud, arn)
        put(cloud, "a", n={"N": "1"}, blob={"B": b"\x00\x01"})
        put(cloud, "a", n={"N": "2"})
        put(cloud, "a", n={"N": "2"})  # no change, no record
        cloud.client("dynamodb").delete_item(TableName="things", Key={"id": {"S": "a"}})
        cloud.wait(lambda: len(cloud.functions.records("worker")) == 3)

        for event in cloud.functions.events("worker"):
            DynamoDBStreamModel.model_validate(event)
        inserted, modified, removed = cloud.functions.records("worker")
        [sample] = named_event("dynamodb_stream")["Records"]
        assert inserted.keys() == sample.keys()
        assert inserted["dynamodb"].keys() == sample["dynamodb"].keys()
        assert (inserted["eventSourceARN"], inserted["awsRegion"]) == (arn, REGION)
        assert inserted["dynamodb"]["NewImage"]["blob"] == {"B": "AAE="}
        assert isinstance(inserted["dynamodb"]["ApproximateCreationDateTime"], float)
        assert [r["eventName"] for r in (inserted, modified, removed)] == ["INSERT", "MODIFY", "REMOVE"]
        assert modified["dynamodb"]["OldImage"] == inserted["dynamodb"]["NewImage"]
        assert modified["dynamodb"]["NewImage"] == {"id": {"S": "a"}, "n": {"N": "2"}}
        assert "NewImage" not in removed["dynamodb"]


@pytest.mark.parametrize(("position", "expected"), [("LATEST", ["c"]), ("TRIM_HORIZON", ["a", "b", "c"])])
def test_where_reading_starts(position: str, expected: list[str]) -> None:
    with world({"worker": lambda _: None}) as cloud:
        arn = create_table(cloud, "KEYS_ONLY")
        put(cloud, "a")
        put(cloud, "b")
        map_stream(cloud, arn, position)
        put(cloud, "c")
        cloud.wait(lambda: len(cloud.functions.records("worker")) == len(expected))

        assert keys(cloud.functions.records("worker")) == expected


def test_batches_in_order() -> None:
    with world({"worker": lambda _: None}) as cloud:
        arn = create_table(cloud)
        names = [f"{number:02}" for number in range(25)]
        for name in names:
            put(cloud, name)
        map_stream(cloud, arn, "TRIM_HORIZON", BatchSize=10)
        cloud.wait(lambda: len(cloud.functions.records("worker")) == 25)

        assert keys(cloud.functions.records("worker")) == names
        assert [len(event["Records"]) for event in cloud.functions.events("worker")] == [10, 10, 5]


def test_a_failing_batch_is_tried_again_and_holds_up_the_rest() -> None:
    failures = iter([True, True])

    def fail_twice(_: Event) -> None:
        if next(failures, False):
            raise HandlerError("not yet")

    with world({"worker": fail_twice}) as cloud:
        arn = create_table(cloud)
        put(cloud, "a")
        map_stream(cloud, arn, "TRIM_HORIZON", BatchSize=1)
        put(cloud, "b")
        cloud.wait(lambda: len(cloud.functions.calls) == 4)

        assert keys(cloud.functions.records("worker")) == ["a", "a", "a", "b"]


def test_what_did_not_fail_is_not_sent_again() -> None:
    """The first failure counts: from there on, all are sent again."""
    first = iter([True])

    def fail_from_c(event: Event) -> Any:  # noqa: ANN401 - JSON
        numbers = {
            r["dynamodb"]["Keys"]["id"]["S"]: r["dynamodb"]["SequenceNumber"] for r in event["Records"]
        }
        failed = [numbers["d"], numbers["c"]] if next(first, False) else []
        return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}

    with world({"worker": fail_from_c}) as cloud:
        arn = create_table(cloud)
        for key in "abcd":
            put(cloud, key)
        map_stream(cloud, arn, "TRIM_HORIZON", FunctionResponseTypes=["ReportBatchItemFailures"])
        cloud.wait(lambda: len(cloud.functions.calls) == 2)

        assert [keys(event["Records"]) for event in cloud.functions.events("worker")] == [
            list("abcd"),
            list("cd"),
        ]


def test_the_record_that_always_fails_is_found_and_given_up() -> None:
    """By halving the batch; its whereabouts go to the destination on failure."""

    def fail_on_c(event: Event) -> None:
        if "c" in keys(event["Records"]):
            raise HandlerError("c")

    with world({"worker": fail_on_c}) as cloud:
        url = cloud.client("sqs").create_queue(QueueName="failed")["QueueUrl"]
        arn = create_table(cloud)
        for key in "abcd":
            put(cloud, key)
        map_stream(
            cloud,
            arn,
            "TRIM_HORIZON",
            BisectBatchOnFunctionError=True,
            MaximumRetryAttempts=1,
            DestinationConfig={"OnFailure": {"Destination": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:failed"}},
        )
        put(cloud, "e")
        cloud.wait(lambda: "e" in keys(cloud.functions.records("worker")))

        [message] = cloud.client("sqs").receive_message(QueueUrl=url)["Messages"]
        told = json.loads(message["Body"])
        DynamoDBStreamLambdaOnFailureDestinationModel.model_validate(told)
        batch = told["DDBStreamBatchInfo"]
        assert batch["batchSize"] == 1
        assert batch["startSequenceNumber"] == batch["endSequenceNumber"]
        assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
        assert told["requestContext"]["approximateInvokeCount"] == 2
        assert told["responseContext"]["functionError"] == "Unhandled"


def test_filters() -> None:
    pattern = json.dumps({"eventName": ["INSERT"], "dynamodb": {"NewImage": {"n": {"N": ["2"]}}}})
    with world({"worker": lambda _: None}) as cloud:
        arn = create_table(cloud)
        map_stream(cloud, arn, FilterCriteria={"Filters": [{"Pattern": pattern}]})
        put(cloud, "a", n={"N": "1"})
        put(cloud, "b", n={"N": "2"})
        cloud.wait(lambda: cloud.functions.calls)

        assert keys(cloud.functions.records("worker")) == ["b"]


def test_a_mapping_goes_on_where_it_was_when_it_is_changed() -> None:
    with world({"worker": lambda _: None}) as cloud:
        arn = create_table(cloud)
        uuid = map_stream(cloud, arn, BatchSize=10)
        put(cloud, "a")
        cloud.wait(lambda: cloud.functions.calls)
        cloud.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=False)
        put(cloud, "b")
        cloud.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=True, BatchSize=5)
        put(cloud, "c")
        cloud.wait(lambda: len(cloud.functions.records("worker")) == 3)

        assert keys(cloud.functions.records("worker")) == ["a", "b", "c"]


def test_a_table_whose_stream_is_switched_off() -> None:
    """Its items can still be written, which moto fails at."""
    with world({"worker": lambda _: None}) as cloud:
        map_stream(cloud, create_table(cloud))
        cloud.client("dynamodb").update_table(
            TableName="things", StreamSpecification={"StreamEnabled": False}
        )
        put(cloud, "a")

        assert cloud.client("dynamodb").scan(TableName="things")["Count"] == 1


@pytest.mark.parametrize("position", ["LATEST", "TRIM_HORIZON"])
def test_another_reader_goes_on_where_one_stopped(position: str) -> None:
    """As the next `up` does, with the state of this one: nothing is sent twice that was done."""
    with world({"worker": lambda _: None}) as cloud:
        arn = create_table(cloud)
        put(cloud, "a")
        uuid = map_stream(cloud, arn, position)
        put(cloud, "b")
        cloud.wait(lambda: keys(cloud.functions.records("worker"))[-1:] == ["b"])
        shard = find_shard(Source(arn))
        assert shard
        cloud.wait(lambda: Positions().get(uuid, shard) == shard.starting_sequence_number + 2)
