"""Tables with streams."""

from collections.abc import Iterator, Sequence
from typing import Any

from toolchain.local.triggers.provision.cloud import Cloud, Declared
from toolchain.local.triggers.provision.failures import failure_queue
from toolchain.local.triggers.provision.mappings import provide_mapping
from toolchain.local.triggers.provision.provided import Provided
from toolchain.manifest.model import Function
from toolchain.manifest.triggers import DynamoDbStreamTrigger

_RETRIES = 5
_STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
# A trigger does not say what its table's key is. Whoever needs another makes the table first: one that
# exists only gets a stream.
_KEY = "id"


def provide(cloud: Cloud, triggers: Sequence[Declared[DynamoDbStreamTrigger]]) -> Iterator[Provided]:
    for declared in triggers:
        table = _provide_table(cloud, declared.trigger.table)
        settings = {
            "BatchSize": declared.trigger.batch_size,
            "StartingPosition": declared.trigger.starting_position,
            **_giving_up(cloud, declared.function),
        }
        yield provide_mapping(cloud, declared.function, table["LatestStreamArn"], settings)


def _giving_up(cloud: Cloud, function: Function) -> dict[str, Any]:
    """By default a bad record stops its shard for a day."""
    queue = failure_queue(function) or ""
    return {
        "MaximumRetryAttempts": _RETRIES,
        "BisectBatchOnFunctionError": True,
        "DestinationConfig": {"OnFailure": {"Destination": cloud.place.arn("sqs", queue)}},
    }


def _provide_table(cloud: Cloud, name: str) -> dict[str, Any]:
    client = cloud.client("dynamodb")
    try:
        table: dict[str, Any] = client.describe_table(TableName=name)["Table"]
    except client.exceptions.ResourceNotFoundException:
        table = client.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": _KEY, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": _KEY, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification=_STREAM,
        )["TableDescription"]
    if not table.get("StreamSpecification", {}).get("StreamEnabled"):
        client.update_table(TableName=name, StreamSpecification=_STREAM)
        table = client.describe_table(TableName=name)["Table"]
    return table
