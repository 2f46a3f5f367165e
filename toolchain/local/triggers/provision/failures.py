"""Queues for events that a function could not work on, as the deployed functions have them."""

from collections.abc import Iterable

from toolchain.local.place import Place
from toolchain.local.triggers.provision.cloud import Cloud
from toolchain.local.workers.event_settings import DEFAULT, EventSettings
from toolchain.manifest.model import Function
from toolchain.manifest.triggers import (
    DynamoDbStreamTrigger,
    EventBridgeTrigger,
    S3Trigger,
    ScheduleTrigger,
    SnsTrigger,
)

_ASYNCHRONOUS = (EventBridgeTrigger, S3Trigger, ScheduleTrigger, SnsTrigger)
_RETENTION_SECONDS = 14 * 24 * 3600
"""The longest there is."""


def failure_queue(function: Function) -> str | None:
    """The queue's name; None for a function whose callers wait for its answer, or keep the event."""
    needs_one = any(
        isinstance(trigger, (*_ASYNCHRONOUS, DynamoDbStreamTrigger)) for trigger in function.triggers
    )
    return f"{function.name}-failures" if needs_one else None


def event_settings(function: Function, place: Place) -> EventSettings:
    """Of the function's asynchronous calls."""
    is_asynchronous = any(isinstance(trigger, _ASYNCHRONOUS) for trigger in function.triggers)
    queue = failure_queue(function)
    if not queue or not is_asynchronous:
        return DEFAULT
    return EventSettings(retries=function.maximum_retry_attempts, on_failure=place.arn("sqs", queue))


def provide(cloud: Cloud, functions: Iterable[Function]) -> None:
    client = cloud.client("sqs")
    for queue in filter(None, map(failure_queue, functions)):
        # SQS answers with a queue that there is already; moto does, too, if its settings are the same.
        client.create_queue(QueueName=queue, Attributes={"MessageRetentionPeriod": str(_RETENTION_SECONDS)})
