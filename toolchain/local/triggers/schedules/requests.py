"""What EventBridge Scheduler refuses, and moto takes or fails at.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html, and botocore's model of it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.scheduler.exceptions import ScheduleGroupNotFound, ValidationException
from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule, ScheduleGroup

from toolchain.local.triggers.replacements import Replacement
from toolchain.local.triggers.schedules.occurrences import parse_schedule, with_fitting_unit
from toolchain.local.triggers.services.targets import is_target

_ROLE = r"arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@\/-]+"
# The members of botocore's ScheduleSummary.
_SUMMARY = ("Arn", "Name", "GroupName", "State", "CreationDate", "LastModificationDate", "Target")


def check_request(backend: EventBridgeSchedulerBackend, given: Mapping[str, Any]) -> None:
    """Raise moto's error for what is no schedule; `given` are the arguments of moto's create_schedule."""
    group = given["group_name"] or "default"
    if group not in backend.schedule_groups:
        raise ScheduleGroupNotFound(group)
    _check_expression(given["schedule_expression"], given["schedule_expression_timezone"] or "UTC")
    target = given["target"]
    if not re.fullmatch(_ROLE, target["RoleArn"]):
        raise ValidationException(
            f"1 validation error detected: Value '{target['RoleArn']}' at 'target.roleArn' failed to satisfy"
            f" constraint: Member must satisfy regular expression pattern: {_ROLE}"
        )
    if not is_target(target["Arn"]):
        raise ValidationException("Provided Arn is not in correct format.")


def replacements(changed: Callable[[], None]) -> list[Replacement]:
    """Groups that are there already, or not at all; and what a list tells of schedules.

    `changed` is called when schedules go with their group.
    """
    create = EventBridgeSchedulerBackend.create_schedule_group
    delete = EventBridgeSchedulerBackend.delete_schedule_group
    to_dict = Schedule.to_dict

    def create_schedule_group(
        backend: EventBridgeSchedulerBackend, name: str, tags: list[dict[str, str]]
    ) -> ScheduleGroup:
        if name in backend.schedule_groups:
            raise JsonRESTError("ConflictException", f"Schedule group {name} already exists.")
        return create(backend, name, tags)

    def delete_schedule_group(backend: EventBridgeSchedulerBackend, name: str | None) -> None:
        if name == "default":
            raise ValidationException("Cannot delete the default schedule group.")  # the words are ours [U]
        backend.get_schedule_group(name)
        delete(backend, name)
        changed()

    def summary(schedule: Schedule, short: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - as moto's
        found = to_dict(schedule, short)
        return {name: found[name] for name in _SUMMARY} if short else found

    return [
        Replacement(EventBridgeSchedulerBackend, "create_schedule_group", create_schedule_group),
        Replacement(EventBridgeSchedulerBackend, "delete_schedule_group", delete_schedule_group),
        Replacement(Schedule, "to_dict", summary),
    ]


def _check_expression(expression: str, timezone: str) -> None:
    try:
        parse_schedule(with_fitting_unit(expression), first=datetime.now(UTC), timezone=timezone)
    except ValueError as error:
        raise ValidationException(f"Invalid Schedule Expression {expression}: {error}.") from error
