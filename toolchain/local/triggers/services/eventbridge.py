"""Event buses: an event calls the functions of each rule whose pattern it matches.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is.html
"""

import copy
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from moto.events.exceptions import ValidationException
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


def send_to_each(rule: Rule, send: Callable[[Mapping[str, Any]], None]) -> None:
    """Send to the rule's targets; one that fails is logged: neither the publisher nor the others notice."""
    for target in list(rule.targets):
        try:
            send(target)
        except NotImplementedError:
            logger.warning("rule %s: %s is not supported locally", rule.name, target["Arn"])
        except Exception:  # noqa: BLE001 - the boundary: nobody waits for targets
            logger.exception("rule %s: nothing is sent to %s", rule.name, target["Arn"])


def replacements(deliveries: Deliveries) -> list[Replacement]:
    """Rules: moto sends to no function, minds no state, has schedules match everything, takes any target."""
    send_elsewhere, put = Rule.send_to_targets, Rule.put_targets

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

        def send(target: Mapping[str, Any]) -> None:
            if Source(target["Arn"]).service in targets.SUPPORTED:
                send_to_target(rule, target, event, deliveries)
            else:
                alone = copy.copy(rule)
                alone.targets = [dict(target)]
                send_elsewhere(alone, moto_event, transform_input)

        send_to_each(rule, send)

    def put_targets(rule: Rule, given: list[dict[str, Any]]) -> None:
        for target in given:
            _check_target(target)
        put(rule, given)

    return [
        Replacement(Rule, "send_to_targets", send_to_targets),
        Replacement(Rule, "put_targets", put_targets),
    ]


def _check_target(target: Mapping[str, Any]) -> None:
    """https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html ; the words are [U]."""
    if not targets.is_target(target["Arn"]):
        raise ValidationException(
            f"Parameter {target['Arn']} is not valid. Reason: Provided Arn is not in correct format."
        )
    try:
        json.loads(target.get("Input") or "{}")
    except ValueError as error:
        raise ValidationException(f"JSON syntax error in input for target {target['Id']}: {error}") from error


def _time(value: object) -> str:
    """moto has seconds, a text, or what a client wrote."""
    if isinstance(value, str) and not value.replace(".", "", 1).isdecimal():
        value = datetime.fromisoformat(value)
    moment = value if isinstance(value, datetime) else datetime.fromtimestamp(float(str(value)), UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
