"""Event source mappings that Lambda refuses, asked for by boto3 through a socket."""

from typing import Any

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from tests.integration.trigger_world import World, world


def create(cloud: World, source_arn: str, **settings: object) -> str:
    created = cloud.client("lambda").create_event_source_mapping(
        FunctionName="worker", EventSourceArn=source_arn, **settings
    )
    return str(created["UUID"])


def create_queue(cloud: World, name: str) -> str:
    attributes = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    url = cloud.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    found = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(found["Attributes"]["QueueArn"])


def create_table(cloud: World) -> str:
    created = cloud.client("dynamodb").create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    return str(created["TableDescription"]["LatestStreamArn"])


@pytest.mark.parametrize(
    ("queue", "settings", "message"),
    [
        ("jobs", {"BatchSize": 10001}, "Value '10001' at 'batchSize' failed to satisfy constraint"),
        ("jobs", {"MaximumBatchingWindowInSeconds": 301}, "must have value less than or equal to 300"),
        (
            "jobs",
            {"BatchSize": 11},
            "Maximum batch window in seconds must be greater than 0 if maximum batch size",
        ),
        ("jobs.fifo", {"BatchSize": 11}, "BatchSize must not exceed 10 for FIFO queues"),
        (
            "jobs.fifo",
            {"MaximumBatchingWindowInSeconds": 1},
            "Batching window is not supported for FIFO queues",
        ),
    ],
)
def test_mappings_of_queues(queue: str, settings: dict[str, Any], message: str) -> None:
    """New ones, and changes of those that are there."""
    with world({}) as cloud:
        cloud.create_function("worker")
        source = create_queue(cloud, queue)
        with pytest.raises(ClientError, match=message):
            create(cloud, source, **settings)
        client = cloud.client("lambda")
        assert client.list_event_source_mappings()["EventSourceMappings"] == []

        uuid = create(cloud, source)
        with pytest.raises(ClientError, match=message):
            client.update_event_source_mapping(UUID=uuid, **settings)
        mapping = client.get_event_source_mapping(UUID=uuid)
        assert (mapping["BatchSize"], mapping.get("MaximumBatchingWindowInSeconds", 0)) == (10, 0)


def test_a_large_batch_keeps_its_window() -> None:
    """What a change does not name is as it was."""
    with world({}) as cloud:
        cloud.create_function("worker")
        uuid = create(cloud, create_queue(cloud, "jobs"), BatchSize=50, MaximumBatchingWindowInSeconds=2)
        client = cloud.client("lambda")
        client.update_event_source_mapping(UUID=uuid, BatchSize=60)
        with pytest.raises(ClientError, match="Maximum batch window in seconds must be greater than 0"):
            client.update_event_source_mapping(UUID=uuid, MaximumBatchingWindowInSeconds=0)
        assert client.get_event_source_mapping(UUID=uuid)["BatchSize"] == 60


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "StartingPosition must be one of"),
        ({"StartingPosition": "AT_TIMESTAMP"}, "StartingPosition must be one of"),
        (
            {"StartingPosition": "LATEST", "ParallelizationFactor": 11},
            "Value '11' at 'parallelizationFactor'",
        ),
    ],
)
def test_mappings_of_streams(settings: dict[str, Any], message: str) -> None:
    with world({}) as cloud:
        cloud.create_function("worker")
        with pytest.raises(ClientError, match=message):
            create(cloud, create_table(cloud), **settings)


def test_a_mapping_that_is_there_already() -> None:
    """Of the function itself; another function, or an alias, may have the same source."""
    with world({}) as cloud:
        cloud.create_function("worker")
        arn = cloud.create_function("other")
        source, client = create_queue(cloud, "jobs"), cloud.client("lambda")
        uuid = create(cloud, source)
        with pytest.raises(
            client.exceptions.ResourceConflictException, match=f"existing mapping with UUID {uuid}"
        ):
            create(cloud, source)
        client.create_event_source_mapping(FunctionName=arn, EventSourceArn=source)
        assert len(client.list_event_source_mappings()["EventSourceMappings"]) == 2
