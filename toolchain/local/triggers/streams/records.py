"""Records of a DynamoDB stream, as Lambda gets them, and what is told of those that it gives up."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from toolchain.local.invocation import Invocation


@dataclass(frozen=True, slots=True)
class Record:
    """A change of an item."""

    number: int
    created: datetime
    event: Mapping[str, Any]


def parse_record(moto: Mapping[str, Any], stream_arn: str) -> Record:
    """A record of moto's, which is always of us-east-1 and has a datetime where AWS has seconds.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
    """
    created = moto["dynamodb"]["ApproximateCreationDateTime"].replace(tzinfo=UTC)
    change = {**moto["dynamodb"], "ApproximateCreationDateTime": float(int(created.timestamp()))}
    event = {
        **moto,
        "eventVersion": "1.1",
        "awsRegion": stream_arn.split(":")[3],
        "dynamodb": _json_ready(change),
        "eventSourceARN": stream_arn,
    }
    return Record(int(moto["dynamodb"]["SequenceNumber"]), created, event)


def _json_ready(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The value with binary ones in base64."""
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case dict():
            return {name: _json_ready(item) for name, item in value.items()}
        case list():
            return [_json_ready(item) for item in value]
        case _:
            return value


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Records that are not tried again. `condition` is AWS's word for why."""

    function: str
    stream_arn: str
    shard_id: str
    records: Sequence[Record]
    condition: str
    calls: int
    last: Invocation | None


def on_failure_message(given_up: GivenUp, now: datetime) -> dict[str, Any]:
    """What the mapping's destination on failure is told: where the records are, not what they say.

    https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    """
    first, last = given_up.records[0], given_up.records[-1]
    invocation = given_up.last
    request_id = invocation.request_id if invocation else ""
    answer: dict[str, Any] = {"statusCode": 200, "executedVersion": invocation.version} if invocation else {}
    if invocation and invocation.error:
        answer["functionError"] = invocation.error
    return {
        "requestContext": {
            "requestId": request_id,
            "functionArn": given_up.function,
            "condition": given_up.condition,
            "approximateInvokeCount": given_up.calls,
        },
        "responseContext": answer,
        "version": "1.0",
        "timestamp": _milliseconds(now),
        "DDBStreamBatchInfo": {
            "shardId": given_up.shard_id,
            "startSequenceNumber": str(first.number),
            "endSequenceNumber": str(last.number),
            "approximateArrivalOfFirstRecord": _milliseconds(first.created),
            "approximateArrivalOfLastRecord": _milliseconds(last.created),
            "batchSize": len(given_up.records),
            "streamArn": given_up.stream_arn,
        },
    }


def _milliseconds(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
