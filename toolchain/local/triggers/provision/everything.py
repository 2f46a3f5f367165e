"""All triggers of all functions."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from toolchain.local.place import Place
from toolchain.local.triggers.provision import (
    buckets,
    buses,
    failures,
    queues,
    schedules,
    tables,
    topics,
)
from toolchain.local.triggers.provision.cloud import Cloud, Connect, declared
from toolchain.local.triggers.provision.provided import note_provided, read_provided, remove
from toolchain.manifest.model import Function
from toolchain.manifest.triggers import (
    DynamoDbStreamTrigger,
    EventBridgeTrigger,
    S3Trigger,
    ScheduleTrigger,
    SnsTrigger,
    SqsTrigger,
)


def provision(
    functions: Iterable[Function], connect: Connect, place: Place, now: datetime, notes: Path
) -> None:
    """Make what is not there, and change what is different. `connect` makes a boto3 client of a service.

    What calls functions and was made here before, by the file `notes`, is removed when no function declares
    it any more.
    """
    cloud, known = Cloud(connect, place), list(functions)
    failures.provide(cloud, known)
    provided = {
        *queues.provide(cloud, list(declared(known, SqsTrigger))),
        *topics.provide(cloud, list(declared(known, SnsTrigger))),
        *buckets.provide(cloud, list(declared(known, S3Trigger))),
        *buses.provide(cloud, list(declared(known, EventBridgeTrigger))),
        *tables.provide(cloud, list(declared(known, DynamoDbStreamTrigger))),
        *schedules.provide(cloud, list(declared(known, ScheduleTrigger)), now),
    }
    before = read_provided(notes)
    note_provided(notes, before | provided)
    remove(cloud, before - provided)
    note_provided(notes, provided)
