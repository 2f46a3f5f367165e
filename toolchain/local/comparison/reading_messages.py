"""Queues, streams and topics that call functions."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from toolchain.local.comparison.names import Names
from toolchain.local.comparison.triggers import Trigger

_ITEM_FAILURES = "ReportBatchItemFailures"


def read(connect: Callable[[str], Any], names: Names) -> Iterator[Trigger]:
    yield from _mappings(connect("lambda"), connect("dynamodb"), names)
    yield from _subscriptions(connect("sns"), names)


def _mappings(client: Any, dynamodb: Any, names: Names) -> Iterator[Trigger]:  # noqa: ANN401 - boto3's, here and below
    for page in client.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            if not names.is_our_function(mapping["FunctionArn"]):
                continue
            function = names.of_function(mapping["FunctionArn"])
            if mapping["EventSourceArn"].split(":")[2] == "sqs":
                yield Trigger.of(function, "sqs", _queue(mapping, names))
            else:
                yield Trigger.of(function, "dynamodb_stream", _stream(mapping, dynamodb, names))


def _queue(mapping: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {
        "queue": names.own(mapping["EventSourceArn"].rpartition(":")[2]),
        "maximum_concurrency": mapping.get("ScalingConfig", {}).get("MaximumConcurrency"),
        **_batches(mapping),
    }


def _stream(mapping: Mapping[str, Any], dynamodb: Any, names: Names) -> dict[str, Any]:  # noqa: ANN401
    table = mapping["EventSourceArn"].split("/")[1]
    [key] = dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]
    return {
        "table": names.own(table),
        "key": key["AttributeName"],
        "starting_position": mapping["StartingPosition"],
        "maximum_retry_attempts": mapping["MaximumRetryAttempts"],
        **_batches(mapping),
    }


def _batches(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "batch_size": mapping["BatchSize"],
        "maximum_batching_window_seconds": mapping.get("MaximumBatchingWindowInSeconds", 0),
        "report_batch_item_failures": _ITEM_FAILURES in mapping.get("FunctionResponseTypes", ()),
    }


def _subscriptions(client: Any, names: Names) -> Iterator[Trigger]:  # noqa: ANN401
    for page in client.get_paginator("list_subscriptions").paginate():
        for subscription in page["Subscriptions"]:
            if subscription["Protocol"] != "lambda" or not names.is_our_function(subscription["Endpoint"]):
                continue
            arn = subscription["SubscriptionArn"]
            attributes = client.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
            policy = attributes.get("FilterPolicy")
            settings = {
                "topic": names.own(subscription["TopicArn"].rpartition(":")[2]),
                "filter_policy": None if policy in (None, "", "{}") else policy,
            }
            yield Trigger.of(names.of_function(subscription["Endpoint"]), "sns", settings)
