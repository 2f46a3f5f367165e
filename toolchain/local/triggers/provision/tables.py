"""Tables with streams."""

from collections.abc import Iterator, Sequence
from typing import Any

from toolchain.local.triggers.calls import logger
from toolchain.local.triggers.provision.cloud import Cloud, Declared
from toolchain.local.triggers.provision.failures import failure_queue
from toolchain.local.triggers.provision.mappings import provide_mapping
from toolchain.local.triggers.provision.provided import Provided
from toolchain.manifest.model import Function
from toolchain.manifest.triggers import DynamoDbStreamTrigger

_STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def provide(cloud: Cloud, triggers: Sequence[Declared[DynamoDbStreamTrigger]]) -> Iterator[Provided]:
    for declared in triggers:
        table = _provide_table(cloud, declared.trigger.table, declared.trigger.key)
        settings = {
            "BatchSize": declared.trigger.batch_size,
            "StartingPosition": declared.trigger.starting_position,
            "MaximumBatchingWindowInSeconds": declared.trigger.maximum_batching_window_seconds,
            "FunctionResponseTypes": (
                ["ReportBatchItemFailures"] if declared.trigger.report_batch_item_failures else []
            ),
            "MaximumRetryAttempts": declared.trigger.maximum_retry_attempts,
            **_giving_up(cloud, declared.function),
        }
        yield provide_mapping(cloud, declared.function, table["LatestStreamArn"], settings)


def _giving_up(cloud: Cloud, function: Function) -> dict[str, Any]:
    """Not as by default, where a bad record stops its shard for a day, and is lost then."""
    queue = failure_queue(function) or ""
    return {
        "BisectBatchOnFunctionError": True,
        "DestinationConfig": {"OnFailure": {"Destination": cloud.place.arn("sqs", queue)}},
    }


def _provide_table(cloud: Cloud, name: str, key: str) -> dict[str, Any]:
    """A table that exists keeps its key, and what it holds."""
    client = cloud.client("dynamodb")
    try:
        table: dict[str, Any] = client.describe_table(TableName=name)["Table"]
    except client.exceptions.ResourceNotFoundException:
        table = client.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification=_STREAM,
        )["TableDescription"]
    found = table["KeySchema"][0]["AttributeName"]
    if found != key:
        logger.warning(
            "table %s has the key %s, its trigger declares %s; delete the table to have it made anew",
            *(name, found, key),
        )
    if not table.get("StreamSpecification", {}).get("StreamEnabled"):
        client.update_table(TableName=name, StreamSpecification=_STREAM)
        table = client.describe_table(TableName=name)["Table"]
    return table
