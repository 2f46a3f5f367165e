"""Event buses: an event calls the functions of each rule whose pattern it matches.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is.html
"""

import copy
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from moto.events.models import Rule
from moto.events.utils import _BASE_EVENT_MESSAGE, EventMessageType

from toolchain.local.triggers.calls import Deliveries, logger
from toolchain.local.triggers.mappings import Source
from toolchain.local.triggers.replacements import Replacement
from toolchain.local.triggers.services import targets
from toolchain.local.triggers.services.rule_inputs import target_input


def rule_event(moto_event: Mapping[str, Any]) -> dict[str, Any]:
    """moto's event as AWS has it: its time is a text, and events of S3 have ids of their own.

    https://docs.aws.amazon.com/eventbridge/latest/ref/overview-event-structure.html
    """
    event = {name: value for name, value in moto_event.items() if name != "ingestion-time"}
    if event["id"] == _BASE_EVENT_MESSAGE["id"]:
        event["id"] = str(uuid.uuid4())
    return {**event, "time": _time(event["time"])}


def send_to_target(
    rule: Rule, target: Mapping[str, Any], event: Mapping[str, Any], deliveries: Deliveries
) -> None:
    """Send what the target is to get of the event."""
    group_id = (target.get("SqsParameters") or {}).get("MessageGroupId")
    contents = target_input(target, event, rule.arn)
    targets.send_to(target["Arn"], contents, f"rule {rule.name}", deliveries, group_id=group_id)


def replacements(deliveries: Deliveries) -> list[Replacement]:
    """Rules: moto sends to no function, minds no state, and has schedules match everything."""
    send_elsewhere = Rule.send_to_targets

    def send_to_targets(
        rule: Rule,
        moto_event: EventMessageType,
        transform_input: bool = True,  # noqa: FBT001, FBT002 - the signature is moto's
    ) -> None:
        event = rule_event(moto_event)
        if rule.state == "DISABLED" or rule.scheduled_expression:
            return
        if not rule.event_pattern.matches_event(cast("EventMessageType", event)):
            return
        for target in rule.targets:
            if Source(target["Arn"]).service in targets.SUPPORTED:
                send_to_target(rule, target, event, deliveries)
                continue
            alone = copy.copy(rule)
            alone.targets = [target]
            try:
                send_elsewhere(alone, moto_event, transform_input)
            except NotImplementedError:
                logger.warning("rule %s: %s is not supported locally", rule.name, target["Arn"])

    return [Replacement(Rule, "send_to_targets", send_to_targets)]


def _time(value: object) -> str:
    """moto has seconds, a text, or what a client wrote."""
    if isinstance(value, str) and not value.replace(".", "", 1).isdecimal():
        value = datetime.fromisoformat(value)
    moment = value if isinstance(value, datetime) else datetime.fromtimestamp(float(str(value)), UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
