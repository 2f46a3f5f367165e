"""What destinations of asynchronous calls are told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.workers_fakes import ARN
from toolchain.local.invocation import Invocation
from toolchain.local.workers.destinations import Condition, EventOutcome, destination_record

_ENDED_AT = datetime(2026, 2, 3, 4, 5, 6, 789_000, UTC)


@pytest.mark.parametrize(
    ("condition", "invocation", "expected"),
    [
        (
            "Success",
            Invocation("1", b'{"done":true}'),
            {
                "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
                "responsePayload": {"done": True},
            },
        ),
        (
            "RetriesExhausted",
            Invocation("1", b'{"errorMessage":"no"}', error="Unhandled", version="3"),
            {
                "responseContext": {"statusCode": 200, "executedVersion": "3", "functionError": "Unhandled"},
                "responsePayload": {"errorMessage": "no"},
            },
        ),
        ("EventAgeExceeded", None, {}),
    ],
)
def test_record(condition: Condition, invocation: Invocation | None, expected: dict[str, Any]) -> None:
    outcome = EventOutcome("1", f"{ARN}users", b'{"a":1}', condition, 3, _ENDED_AT, invocation)
    assert destination_record(outcome) == {
        "version": "1.0",
        "timestamp": "2026-02-03T04:05:06.789Z",
        "requestContext": {
            "requestId": "1",
            "functionArn": f"{ARN}users:$LATEST",
            "condition": condition,
            "approximateInvokeCount": 3,
        },
        "requestPayload": {"a": 1},
        **expected,
    }


def test_alias_stays() -> None:
    outcome = EventOutcome("1", f"{ARN}users:live", b"", "Success", 1, _ENDED_AT, Invocation("1", b"\xff"))
    record = destination_record(outcome)
    assert record["requestContext"]["functionArn"] == f"{ARN}users:live"
    assert (record["requestPayload"], record["responsePayload"]) == ({}, "\ufffd")
