"""Tells destinations how asynchronous calls ended, and dead-letter queues of the events that are lost.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from moto.events.models import events_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from toolchain.local.invocation import EventFunctions, FunctionNotFoundError
from toolchain.local.triggers.calls import Deliveries, logger
from toolchain.local.triggers.mappings import Source
from toolchain.local.triggers.services.targets import send_to
from toolchain.local.workers.destinations import EventOutcome, destination_record
from toolchain.local.workers.registry import Target

_MESSAGE_BYTES = 1024


class Outcomes:
    """toolchain.local.workers.events.OnOutcome. `resolve` finds what an ARN means.

    `deliveries` has events for functions that are destinations themselves.
    """

    def __init__(self, resolve: Callable[[str], Target]) -> None:
        self._resolve = resolve
        self._deliveries: Deliveries | None = None

    def deliver_through(self, events: EventFunctions) -> None:
        """Functions that are destinations get their events so; in the running event loop."""
        self._deliveries = Deliveries(events, asyncio.get_running_loop())

    async def tell(self, outcome: EventOutcome) -> None:
        """Send what there is to send; what can't be sent is logged."""
        try:
            target = self._resolve(outcome.arn)
        except FunctionNotFoundError:
            return  # deleted since, and its destinations with it
        if not outcome.has_succeeded:
            logger.warning("%s", _describe(outcome, target))
        try:
            await asyncio.to_thread(self._send, outcome, target)
        except Exception:  # noqa: BLE001 - the boundary: nobody waits, and the event is done all the same
            logger.exception("how an event of %s ended could not be sent", outcome.arn)

    def _send(self, outcome: EventOutcome, target: Target) -> None:
        name = f"function {target.code.name}"
        settings = target.events
        destination = settings.on_success if outcome.has_succeeded else settings.on_failure
        if destination and self._deliveries:
            if Source(destination).service == "events":
                _put_event(destination, outcome)
            else:
                send_to(destination, destination_record(outcome), name, self._deliveries)
        if target.code.dead_letter_arn and not outcome.has_succeeded:
            _bury(target.code.dead_letter_arn, outcome)


def _describe(outcome: EventOutcome, target: Target) -> str:
    """What has become of an event that is given up, why, and where it is now."""
    why = f" ({_error_message(outcome.invocation.payload)})" if outcome.invocation else ""
    places = filter(None, (target.events.on_failure, target.code.dead_letter_arn))
    where = " and ".join(dict.fromkeys(places)) or "nowhere"
    return (
        f"{outcome.arn} is given up after {outcome.attempts} attempts: {outcome.condition}{why};"
        f" its event goes to {where}"
    )


def _put_event(bus_arn: str, outcome: EventOutcome) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html ."""
    bus = Source(bus_arn)
    how = "Success" if outcome.has_succeeded else "Failure"
    entry = {
        "EventBusName": bus_arn,
        "Source": "lambda",
        "DetailType": f"Lambda Function Invocation Result - {how}",
        "Detail": json.dumps(destination_record(outcome)),
        "Resources": [bus_arn, outcome.arn],
    }
    events_backends[bus.account_id][bus.region].put_events([entry])


def _bury(arn: str, outcome: EventOutcome) -> None:
    """The event alone, as it came; what went wrong is in the message's attributes."""
    grave, text = Source(arn), (outcome.payload or b"{}").decode(errors="replace")
    attributes = {name: {"DataType": kind, "StringValue": value} for name, kind, value in _reasons(outcome)}
    queues = sqs_backends[grave.account_id][grave.region]
    topics = sns_backends[grave.account_id][grave.region]
    if grave.service == "sqs" and grave.name in queues.queues:
        queues.send_message(grave.name, text, message_attributes=attributes)
    elif grave.service == "sns" and arn in topics.topics:
        of_topic = {name: {"Type": kind, "Value": value} for name, kind, value in _reasons(outcome)}
        topics.publish(text, arn, message_attributes=of_topic)
    else:
        logger.warning("dead letters of %s: there is no %s", outcome.arn, arn)


def _reasons(outcome: EventOutcome) -> list[tuple[str, str, str]]:
    """Name, type and text of each attribute; the error only if the function was called."""
    reasons = [("RequestID", "String", outcome.request_id)]
    if outcome.invocation:
        reasons.append(("ErrorCode", "Number", str(outcome.invocation.status)))
        reasons.append(("ErrorMessage", "String", _error_message(outcome.invocation.payload)))
    return reasons


def _error_message(payload: bytes) -> str:
    """Its first 1 KB; SQS takes no empty text."""
    try:
        answer: Any = json.loads(payload)
        text = str(answer["errorMessage"])
    except (ValueError, KeyError, TypeError):
        text = ""
    return text.encode()[:_MESSAGE_BYTES].decode(errors="ignore") or "unknown"
