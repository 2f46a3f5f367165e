"""Event buses, with a rule for each trigger."""

import json
from collections.abc import Iterator, Sequence

from toolchain.local.triggers.provision.cloud import Cloud, Declared
from toolchain.local.triggers.provision.provided import Provided
from toolchain.manifest.triggers import EventBridgeTrigger


def provide(cloud: Cloud, triggers: Sequence[Declared[EventBridgeTrigger]]) -> Iterator[Provided]:
    for declared in triggers:
        client, bus = cloud.client("events"), declared.trigger.bus
        _create(cloud, bus)
        client.put_rule(
            Name=declared.name, EventBusName=bus, EventPattern=json.dumps(declared.trigger.pattern)
        )
        target = {"Id": declared.function.name, "Arn": cloud.place.function_arn(declared.function.name)}
        client.put_targets(Rule=declared.name, EventBusName=bus, Targets=[target])
        yield Provided("rule", declared.name, bus)


def _create(cloud: Cloud, name: str) -> None:
    client = cloud.client("events")
    try:
        client.describe_event_bus(Name=name)
    except client.exceptions.ResourceNotFoundException:
        client.create_event_bus(Name=name)
