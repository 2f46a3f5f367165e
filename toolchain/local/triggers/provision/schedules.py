"""Schedules of EventBridge Scheduler."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from toolchain.local.triggers.provision.cloud import Cloud, Declared
from toolchain.local.triggers.provision.provided import Provided
from toolchain.local.triggers.schedules.occurrences import rate_period
from toolchain.manifest.triggers import ScheduleTrigger


def provide(cloud: Cloud, triggers: Sequence[Declared[ScheduleTrigger]], now: datetime) -> Iterator[Provided]:
    for declared in triggers:
        yield Provided("schedule", declared.name)
        client, wanted = cloud.client("scheduler"), _schedule(cloud, declared)
        try:
            found = client.get_schedule(Name=declared.name)
        except client.exceptions.ResourceNotFoundException:
            client.create_schedule(**wanted, **_start(declared.trigger, now))
            continue
        target = {**found["Target"], **wanted["Target"]}  # with what AWS adds
        if any(found[name] != value for name, value in {**wanted, "Target": target}.items()):
            client.update_schedule(**wanted, **_start(declared.trigger, now))


def _schedule(cloud: Cloud, declared: Declared[ScheduleTrigger]) -> dict[str, Any]:
    target = {
        "Arn": cloud.place.function_arn(declared.function.name),
        "RoleArn": f"arn:aws:iam::{cloud.place.account_id}:role/scheduler",
    }
    if declared.trigger.input is not None:
        target["Input"] = json.dumps(declared.trigger.input)
    return {
        "Name": declared.name,
        "ScheduleExpression": declared.trigger.expression,
        "ScheduleExpressionTimezone": declared.trigger.timezone,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": target,
    }


def _start(trigger: ScheduleTrigger, now: datetime) -> dict[str, datetime]:
    """A rate begins when its schedule is made. That is at each start of the local cloud, so it waits once."""
    if not trigger.expression.startswith("rate"):
        return {}
    return {"StartDate": now + rate_period(trigger.expression)}
