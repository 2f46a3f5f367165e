"""All triggers of all functions."""

from collections.abc import Iterable
from datetime import datetime

from toolchain.local.place import Place
from toolchain.local.triggers.provision import buckets, buses, queues, schedules, tables, topics
from toolchain.local.triggers.provision.cloud import Cloud, Connect, declared
from toolchain.manifest.model import Function
from toolchain.manifest.triggers import (
    DynamoDbStreamTrigger,
    EventBridgeTrigger,
    S3Trigger,
    ScheduleTrigger,
    SnsTrigger,
    SqsTrigger,
)


def provision(functions: Iterable[Function], connect: Connect, place: Place, now: datetime) -> None:
    """Make what is not there, and change what is different. `connect` makes a boto3 client of a service.

    What no function declares any more stays as it is.
    """
    cloud, known = Cloud(connect, place), list(functions)
    queues.provide(cloud, list(declared(known, SqsTrigger)))
    topics.provide(cloud, list(declared(known, SnsTrigger)))
    buckets.provide(cloud, list(declared(known, S3Trigger)))
    buses.provide(cloud, list(declared(known, EventBridgeTrigger)))
    tables.provide(cloud, list(declared(known, DynamoDbStreamTrigger)))
    schedules.provide(cloud, list(declared(known, ScheduleTrigger)), now)
