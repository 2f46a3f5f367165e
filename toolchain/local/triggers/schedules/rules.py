"""Rules of EventBridge with a schedule: the older way, always in UTC.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
"""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend, Rule, events_backends

from toolchain.local.triggers.calls import Deliveries, unless_bad
from toolchain.local.triggers.replacements import Replacement, followed
from toolchain.local.triggers.schedules.occurrences import parse_schedule, rate_period
from toolchain.local.triggers.schedules.timetable import Entry
from toolchain.local.triggers.services.eventbridge import send_to_each, send_to_target

_CHANGES = ["delete_rule", "enable_rule", "disable_rule", "put_targets", "remove_targets"]
_EPOCH = datetime.fromtimestamp(0, UTC)


def scheduled_event(rule: Rule, time: datetime) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-scheduled-events.html ."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule.account_id,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": rule.region_name,
        "resources": [rule.arn],
        "detail": {},
    }


def entries(deliveries: Deliveries) -> Iterator[Entry]:
    """The rules with a schedule that are enabled now, in every account and region."""
    for regions in list(events_backends.values()):
        for backend in list(regions.values()):
            for rule in list(backend.event_buses["default"].rules.values()):
                if rule.scheduled_expression and rule.state != "DISABLED":
                    yield from unless_bad(partial(_entry, rule, deliveries), rule.arn)


def replacements(changed: Callable[[], None]) -> list[Replacement]:
    """Tell when rules change, note when they are put, and refuse more expressions than moto does."""
    put = EventsBackend.put_rule

    def put_rule(backend: EventsBackend, name: str, **given: Any) -> Rule:  # noqa: ANN401 - moto's arguments
        if expression := given.get("scheduled_expression"):
            try:
                parse_schedule(expression, first=_EPOCH)
            except ValueError as error:
                raise ValidationException("Parameter ScheduleExpression is not valid.") from error
        rule = put(backend, name, **given)
        vars(rule)["put_at"] = datetime.now(UTC)
        changed()
        return rule

    return [Replacement(EventsBackend, "put_rule", put_rule), *followed(EventsBackend, _CHANGES, changed)]


def _entry(rule: Rule, deliveries: Deliveries) -> Entry:
    """A rate is first due when its period is over, counted from when the rule was put."""
    put_at: datetime = vars(rule).get("put_at", _EPOCH)
    expression = str(rule.scheduled_expression)
    wait = rate_period(expression) if expression.startswith("rate") else timedelta()
    return Entry(
        name=rule.arn,
        text=json.dumps([expression, put_at.isoformat()]),
        created=put_at,
        times=parse_schedule(expression, first=put_at + wait),
        fire=partial(_fire, rule, deliveries),
    )


def _fire(rule: Rule, deliveries: Deliveries, time: datetime) -> None:
    send_to_each(rule, lambda target: send_to_target(rule, target, scheduled_event(rule, time), deliveries))
