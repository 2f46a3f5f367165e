"""Queues, each with a dead-letter queue."""

import json
from collections.abc import Iterator, Sequence

from toolchain.local.triggers.provision.cloud import Cloud, Declared
from toolchain.local.triggers.provision.mappings import provide_mapping
from toolchain.local.triggers.provision.provided import Provided
from toolchain.manifest.triggers import SqsTrigger

# AWS advises both: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
_VISIBILITY_PER_TIMEOUT = 6
_MAXIMUM_RECEIVES = 5


def provide(cloud: Cloud, triggers: Sequence[Declared[SqsTrigger]]) -> Iterator[Provided]:
    for name in sorted({declared.trigger.queue for declared in triggers}):
        users = [declared for declared in triggers if declared.trigger.queue == name]
        _provide_queue(cloud, name, max(_visibility_seconds(user) for user in users))
    for declared in triggers:
        trigger = declared.trigger
        concurrency = declared.function.queue_concurrency(trigger)
        settings = {
            "BatchSize": trigger.batch_size,
            "MaximumBatchingWindowInSeconds": trigger.maximum_batching_window_seconds,
            "FunctionResponseTypes": ["ReportBatchItemFailures"]
            if trigger.report_batch_item_failures
            else [],
            "ScalingConfig": {"MaximumConcurrency": concurrency} if concurrency else {},
        }
        yield provide_mapping(cloud, declared.function, cloud.place.arn("sqs", trigger.queue), settings)


def dead_letter_queue(name: str) -> str:
    """The name of a queue's dead-letter queue: `orders-dlq`, `orders-dlq.fifo`."""
    stem, dot, fifo = name.partition(".fifo")
    return f"{stem}-dlq{dot}{fifo}"


def _provide_queue(cloud: Cloud, name: str, visibility_seconds: int) -> None:
    dead_letters = dead_letter_queue(name)
    _create(cloud, dead_letters)
    redrive = {
        "deadLetterTargetArn": cloud.place.arn("sqs", dead_letters),
        "maxReceiveCount": _MAXIMUM_RECEIVES,
    }
    attributes = {"VisibilityTimeout": str(visibility_seconds), "RedrivePolicy": json.dumps(redrive)}
    url = _create(cloud, name)
    cloud.client("sqs").set_queue_attributes(QueueUrl=url, Attributes=attributes)


def _create(cloud: Cloud, name: str) -> str:
    """The queue's URL; a queue that exists is left as it is."""
    client = cloud.client("sqs")
    try:
        return str(client.get_queue_url(QueueName=name)["QueueUrl"])
    except client.exceptions.QueueDoesNotExist:
        fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if name.endswith(".fifo") else {}
        return str(client.create_queue(QueueName=name, Attributes=fifo)["QueueUrl"])


def _visibility_seconds(declared: Declared[SqsTrigger]) -> int:
    timeout, window = declared.function.timeout_seconds, declared.trigger.maximum_batching_window_seconds
    return _VISIBILITY_PER_TIMEOUT * timeout + window
