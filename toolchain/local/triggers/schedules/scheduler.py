"""EventBridge Scheduler's schedules in moto.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
"""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule, scheduler_backends

from toolchain.local.triggers.calls import Deliveries, unless_bad
from toolchain.local.triggers.replacements import Replacement, followed
from toolchain.local.triggers.schedules import requests
from toolchain.local.triggers.schedules.occurrences import Within, parse_schedule, with_fitting_unit
from toolchain.local.triggers.schedules.timetable import Entry
from toolchain.local.triggers.services.targets import send_to


def schedule_event(schedule_arn: str, time: datetime) -> dict[str, Any]:
    """What a function gets when the schedule has no input of its own; `detail` is a text.

    https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html
    """
    _, _, _, region, account_id, _ = schedule_arn.split(":", 5)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": account_id,
        "time": _seconds(time),
        "region": region,
        "resources": [schedule_arn],
        "detail": "{}",
    }


def schedule_input(text: str, schedule_arn: str, time: datetime) -> object:
    """The schedule's own input, with what it asks to know filled in; text if it is not JSON.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    """
    attributes = {
        "schedule-arn": schedule_arn,
        "scheduled-time": _seconds(time),
        "execution-id": uuid.uuid4().hex[:16],
        "attempt-number": "1",
    }
    for name, value in attributes.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    try:
        return json.loads(text)
    except ValueError:
        return text


def entries(deliveries: Deliveries) -> Iterator[Entry]:
    """The schedules that are enabled now, in every account and region."""
    for regions in list(scheduler_backends.values()):
        for backend in list(regions.values()):
            for group in list(backend.schedule_groups.values()):
                for schedule in list(group.schedules.values()):
                    if schedule.state != "DISABLED":  # an update without a state leaves moto's at None
                        yield from unless_bad(partial(_entry, schedule, backend, deliveries), schedule.arn)


def replacements(changed: Callable[[], None]) -> list[Replacement]:
    """Tell when schedules change, and refuse what AWS refuses; moto takes anything."""
    create, update = EventBridgeSchedulerBackend.create_schedule, EventBridgeSchedulerBackend.update_schedule

    def checked(method: Callable[..., Schedule]) -> Callable[..., Schedule]:
        def check_and_do(backend: EventBridgeSchedulerBackend, **given: Any) -> Schedule:  # noqa: ANN401 - moto's arguments
            requests.check_request(backend, given)
            schedule = method(backend, **given)
            changed()
            return schedule

        return check_and_do

    return [
        Replacement(EventBridgeSchedulerBackend, "create_schedule", checked(create)),
        Replacement(EventBridgeSchedulerBackend, "update_schedule", checked(update)),
        *followed(EventBridgeSchedulerBackend, ["delete_schedule"], changed),
        *requests.replacements(changed),
    ]


def _entry(schedule: Schedule, backend: EventBridgeSchedulerBackend, deliveries: Deliveries) -> Entry:
    """Without a start, a rate begins when the schedule is created."""
    created = _moment(schedule.creation_date)
    start = _moment(schedule.start_date) if schedule.start_date else None
    end = _moment(schedule.end_date) if schedule.end_date else None
    times = parse_schedule(
        with_fitting_unit(schedule.schedule_expression),
        first=start or created,
        timezone=schedule.schedule_expression_timezone,
    )
    deletes = schedule.action_after_completion == "DELETE"
    return Entry(
        name=schedule.arn,
        text=json.dumps(schedule.to_dict(), default=str),
        created=created,
        times=Within(times, start, end),
        fire=partial(_fire, schedule, deliveries),
        finish=partial(backend.delete_schedule, schedule.group_name, schedule.name) if deletes else _nothing,
    )


def _fire(schedule: Schedule, deliveries: Deliveries, time: datetime) -> None:
    target = schedule.target
    event = schedule_event(schedule.arn, time)
    contents = schedule_input(target["Input"], schedule.arn, time) if target.get("Input") else event
    group_id = (target.get("SqsParameters") or {}).get("MessageGroupId")
    send_to(target["Arn"], contents, f"schedule {schedule.name}", deliveries, group_id=group_id)


def _nothing() -> None:
    """What follows the last time of most schedules."""


def _seconds(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(value: object) -> datetime:
    """moto has seconds, or what a client sent: a text."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
