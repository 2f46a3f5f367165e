"""SQS: policies of queues that converge."""

import json
from typing import Any

from moto.sqs.models import Queue


def correct() -> None:
    _normalise_redrive_policies()


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
