"""Event buses and schedules that call functions."""

from collections.abc import Callable, Iterator
from typing import Any

from toolchain.local.comparison.names import Names
from toolchain.local.comparison.triggers import Trigger


def read(connect: Callable[[str], Any], names: Names) -> Iterator[Trigger]:
    yield from _rules(connect("events"), names)
    yield from _schedules(connect("scheduler"), names)


def _rules(client: Any, names: Names) -> Iterator[Trigger]:  # noqa: ANN401 - boto3's, here and below
    for bus in client.list_event_buses()["EventBuses"]:
        for page in client.get_paginator("list_rules").paginate(EventBusName=bus["Name"]):
            for rule in page["Rules"]:
                targets = client.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus["Name"])["Targets"]
                for target in targets:
                    if names.is_our_function(target["Arn"]) and rule.get("EventPattern"):
                        settings = {"bus": names.own(bus["Name"]), "pattern": rule["EventPattern"]}
                        yield Trigger.of(names.of_function(target["Arn"]), "eventbridge", settings)


def _schedules(client: Any, names: Names) -> Iterator[Trigger]:  # noqa: ANN401
    for page in client.get_paginator("list_schedules").paginate():
        for listed in page["Schedules"]:
            schedule = client.get_schedule(Name=listed["Name"], GroupName=listed["GroupName"])
            target = schedule["Target"]
            if names.is_our_function(target["Arn"]):
                settings = {
                    "expression": schedule["ScheduleExpression"],
                    "timezone": schedule["ScheduleExpressionTimezone"],
                    "input": target.get("Input"),
                }
                yield Trigger.of(names.of_function(target["Arn"]), "schedule", settings)
