"""The event that a batch of a queue's messages becomes.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# A record is the message's own data and less than 1 KB around it.
_RECORD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Message:
    """A received message. `attributes` are SQS's own, `message_attributes` the sender's."""

    id: str
    receipt_handle: str
    body: str
    attributes: Mapping[str, str]
    message_attributes: Mapping[str, Mapping[str, Any]]
    message_attributes_md5: str | None = None

    @property
    def size(self) -> int:
        """Its bytes in an event, at most."""
        return len(self.body.encode()) + len(str(self.message_attributes)) + _RECORD_BYTES


def record(message: Message, queue_arn: str) -> dict[str, Any]:
    """The message as an item of `Records`. Its digest of attributes is there only if it has attributes."""
    digest = message.message_attributes_md5
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": dict(message.attributes),
        "messageAttributes": {name: _attribute(value) for name, value in message.message_attributes.items()},
        **({"md5OfMessageAttributes": digest} if digest else {}),
        "md5OfBody": hashlib.md5(message.body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    """`{"DataType": "String", "StringValue": "a"}` as Lambda spells it; binary values in base64."""
    lists: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
    if "BinaryValue" in value:
        return {"binaryValue": base64.b64encode(value["BinaryValue"]).decode(), **lists}
    return {"stringValue": value["StringValue"], **lists}
