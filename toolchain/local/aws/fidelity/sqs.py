"""SQS: policies of queues that converge, and times in whole seconds."""

import json
from typing import Any

from moto.sqs.models import Queue


def correct() -> None:
    _normalise_redrive_policies()
    _round_times()


def _normalise_redrive_policies() -> None:
    """RedrivePolicy comes back with other white space, RedriveAllowPolicy not at all: the AWS provider waits
    for both until it gives up.
    """
    original = vars(Queue)["attributes"].fget
    setattr(Queue, "redrive_allow_policy", None)  # noqa: B010  an attribute that moto does not declare
    Queue.BASE_ATTRIBUTES.append("RedriveAllowPolicy")

    def attributes(self: Queue) -> dict[str, Any]:
        found: dict[str, Any] = original(self)
        if found.get("RedrivePolicy"):
            found["RedrivePolicy"] = json.dumps(json.loads(found["RedrivePolicy"]), separators=(",", ":"))
        if not found.get("RedriveAllowPolicy"):
            found.pop("RedriveAllowPolicy", None)
        return found

    setattr(Queue, "attributes", property(attributes))  # noqa: B010  mypy does not let a property be replaced


def _round_times() -> None:
    """Epoch time in seconds, as GetQueueAttributes has it: no fractions.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
    """
    original = vars(Queue)["attributes"].fget

    def attributes(self: Queue) -> dict[str, Any]:
        found: dict[str, Any] = original(self)
        times = ("CreatedTimestamp", "LastModifiedTimestamp")
        return {name: int(value) if name in times else value for name, value in found.items()}

    setattr(Queue, "attributes", property(attributes))  # noqa: B010  mypy does not let a property be replaced
