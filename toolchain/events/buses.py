"""Events of event buses, and of EventBridge Scheduler."""

from collections.abc import Mapping
from typing import Any

from toolchain.events import identity
from toolchain.events.patterns import matching
from toolchain.manifest.triggers import EventBridgeTrigger, ScheduleTrigger

_TIME = identity.MOMENT.strftime("%Y-%m-%dT%H:%M:%SZ")


def eventbridge_event(trigger: EventBridgeTrigger) -> dict[str, Any]:
    """An event that matches the trigger's pattern.

    https://docs.aws.amazon.com/eventbridge/latest/ref/overview-event-structure.html
    """
    wanted = matching(trigger.pattern)
    return {**_envelope("shop.orders", "OrderPlaced"), "detail": {"id": 42}, **wanted}


def schedule_event(trigger: ScheduleTrigger, function: str) -> dict[str, Any]:
    """The trigger's own input, or what EventBridge Scheduler sends when there is none.

    `detail` is then the text "{}", where EventBridge's rules have an empty object.
    https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html
    """
    if trigger.input is not None:
        return dict(trigger.input)
    schedule = f"arn:aws:scheduler:{identity.REGION}:{identity.ACCOUNT_ID}:schedule/default/{function}"
    return {**_envelope("aws.scheduler", "Scheduled Event"), "resources": [schedule], "detail": "{}"}


def _envelope(source: str, detail_type: str) -> Mapping[str, Any]:
    return {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": detail_type,
        "source": source,
        "account": identity.ACCOUNT_ID,
        "time": _TIME,
        "region": identity.REGION,
        "resources": [],
    }
