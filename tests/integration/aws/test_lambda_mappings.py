"""What event source mappings are refused: in AWS's words, and without an effect."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws.in_process import Aws

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:"
INVALID = "InvalidParameterValueException"
NO_WINDOW = "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
NO_WINDOW_OF_FIFO = "Batching window is not supported for FIFO queues"
LARGEST = (
    "1 validation error detected: Value '10001' at 'batchSize' failed to satisfy constraint: "
    "Member must have value less than or equal to 10000"
)


@pytest.fixture
def client(aws: Aws) -> Any:  # noqa: ANN401  boto3's clients have no types
    """A client of Lambda, beside queues, a table with a stream, and a function that takes a minute."""
    sqs = aws.client("sqs")
    for name, attributes in (
        ("jobs", {}),
        ("slow", {"VisibilityTimeout": "60"}),
        ("slow.fifo", {"VisibilityTimeout": "60", "FifoQueue": "true"}),
    ):
        sqs.create_queue(QueueName=name, Attributes=attributes)
    aws.function("users", Timeout=60, Publish=True)
    aws.client("lambda").create_alias(FunctionName="users", Name="live", FunctionVersion="1")
    return aws.client("lambda")


def stream(aws: Aws) -> str:
    created = aws.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    return str(created["TableDescription"]["LatestStreamArn"])


@pytest.mark.parametrize(
    ("queue", "settings", "code", "message"),
    [
        (
            "jobs",
            {},
            INVALID,
            "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds",
        ),
        ("slow", {"BatchSize": 11}, INVALID, NO_WINDOW),
        ("slow", {"BatchSize": 10_001}, "ValidationException", LARGEST),
        ("slow.fifo", {"BatchSize": 11}, INVALID, "BatchSize must not exceed 10 for FIFO queues"),
        ("slow.fifo", {"MaximumBatchingWindowInSeconds": 1}, INVALID, NO_WINDOW_OF_FIFO),
        (
            "slow",
            {"StartingPosition": "LATEST"},
            INVALID,
            "StartingPosition is not valid for SQS event sources.",
        ),
    ],
)
def test_queue(client: Any, queue: str, settings: dict[str, Any], code: str, message: str) -> None:  # noqa: ANN401
    with pytest.raises(ClientError) as refused:
        client.create_event_source_mapping(
            EventSourceArn=f"{QUEUE}{queue}", FunctionName="users:live", **settings
        )
    assert refused.value.response["Error"] == {"Code": code, "Message": message}
    assert client.list_event_source_mappings()["EventSourceMappings"] == []


def test_stream_without_a_position(aws: Aws, client: Any) -> None:  # noqa: ANN401
    source = {"EventSourceArn": stream(aws), "FunctionName": "users"}
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="Value null at 'startingPos"):
        client.create_event_source_mapping(**source)
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="must be one of"):
        client.create_event_source_mapping(**source, StartingPosition="AT_TIMESTAMP")
    with pytest.raises(ClientError, match="Value '11' at 'parallelizationFactor'"):
        client.create_event_source_mapping(**source, StartingPosition="LATEST", ParallelizationFactor=11)
    client.create_event_source_mapping(**source, StartingPosition="LATEST")
    with pytest.raises(client.exceptions.ResourceConflictException):
        client.create_event_source_mapping(**source, StartingPosition="LATEST")


def test_mapping_that_exists(client: Any) -> None:  # noqa: ANN401
    """Of the same function and qualifier, however it is named."""
    source = f"{QUEUE}slow"
    first = client.create_event_source_mapping(EventSourceArn=source, FunctionName="users:live")
    with pytest.raises(client.exceptions.ResourceConflictException) as refused:
        client.create_event_source_mapping(EventSourceArn=source, FunctionName=first["FunctionArn"])
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert refused.value.response["Error"]["Message"] == (
        f'An event source mapping with SQS arn (" {source} ") and function (" users ") already exists. '
        f"Please update or delete the existing mapping with UUID {first['UUID']}"
    )
    client.create_event_source_mapping(EventSourceArn=source, FunctionName="users")
    client.delete_event_source_mapping(UUID=first["UUID"])
    client.create_event_source_mapping(EventSourceArn=source, FunctionName="users:live")


def test_update_is_refused_as_a_whole(client: Any) -> None:  # noqa: ANN401
    made = client.create_event_source_mapping(
        EventSourceArn=f"{QUEUE}slow",
        FunctionName="users",
        BatchSize=100,
        MaximumBatchingWindowInSeconds=5,
    )
    for changes in ({"MaximumBatchingWindowInSeconds": 0}, {"BatchSize": 10_001}):
        with pytest.raises(ClientError):
            client.update_event_source_mapping(UUID=made["UUID"], Enabled=False, **changes)
    found = client.get_event_source_mapping(UUID=made["UUID"])
    assert (found["State"], found["BatchSize"], found["MaximumBatchingWindowInSeconds"]) == (
        "Enabled",
        100,
        5,
    )


def test_answer_has_the_members_of_the_model(client: Any) -> None:  # noqa: ANN401
    """boto3 drops what it does not know: the answer is looked at before."""
    bodies: list[bytes] = []
    client.meta.events.register(
        "before-parse.lambda.CreateEventSourceMapping",
        lambda response_dict, **_: bodies.append(response_dict["body"]),
    )
    client.create_event_source_mapping(EventSourceArn=f"{QUEUE}slow", FunctionName="users", Tags={"a": "1"})
    assert b'"UUID"' in bodies[0]
    assert b'"Tags"' not in bodies[0]
