"""How an asynchronous call ended, and the record that its destination gets.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson

from toolchain.local.invocation import Invocation

type Condition = Literal["Success", "RetriesExhausted", "EventAgeExceeded"]


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """`arn` has the qualifier that was asked for; `invocation` is the last attempt's, None if none ran."""

    request_id: str
    arn: str
    payload: bytes
    condition: Condition
    attempts: int
    ended_at: datetime
    invocation: Invocation | None

    @property
    def has_succeeded(self) -> bool:
        return self.condition == "Success"


def destination_record(outcome: EventOutcome) -> dict[str, Any]:
    """What is sent to the OnSuccess or OnFailure destination; a dead-letter queue gets the event alone."""
    return {
        "version": "1.0",
        "timestamp": f"{outcome.ended_at:%Y-%m-%dT%H:%M:%S}.{outcome.ended_at.microsecond // 1000:03}Z",
        "requestContext": {
            "requestId": outcome.request_id,
            "functionArn": _qualified(outcome.arn),
            "condition": outcome.condition,
            "approximateInvokeCount": outcome.attempts,
        },
        "requestPayload": _parsed(outcome.payload),
        **(_response(outcome.invocation) if outcome.invocation else {}),
    }


def _response(invocation: Invocation) -> dict[str, Any]:
    context: dict[str, Any] = {"statusCode": invocation.status, "executedVersion": invocation.version}
    if invocation.error:
        context["functionError"] = invocation.error
    return {"responseContext": context, "responsePayload": _parsed(invocation.payload)}


def _qualified(arn: str) -> str:
    """An ARN names its function in seven parts; an eighth is the qualifier."""
    return arn if arn.count(":") > 6 else f"{arn}:$LATEST"


def _parsed(payload: bytes) -> Any:  # noqa: ANN401 - JSON
    """Bytes that a handler returned need not be JSON."""
    try:
        return orjson.loads(payload or b"{}")
    except orjson.JSONDecodeError:
        return payload.decode(errors="replace")
