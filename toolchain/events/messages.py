"""Batches of queue messages, and notifications of topics."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from toolchain.events import identity
from toolchain.manifest.triggers import SnsTrigger, SqsTrigger

_BODY = json.dumps({"id": 42, "name": identity.NAME})
_MESSAGE_ID = "059f36b4-87a3-44ab-83d2-661975830a7d"


def sqs_event(trigger: SqsTrigger) -> dict[str, Any]:
    """One message of the queue.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    attributes = {
        "ApproximateReceiveCount": "1",
        "SentTimestamp": str(identity.EPOCH_MILLISECONDS),
        "SenderId": "AIDAIENQZJOLO23YVJ4VO",
        "ApproximateFirstReceiveTimestamp": str(identity.EPOCH_MILLISECONDS + 10),
    }
    if trigger.queue.endswith(".fifo"):
        attributes |= {
            "SequenceNumber": "18849496460467696128",
            "MessageGroupId": "1",
            "MessageDeduplicationId": hashlib.sha256(_BODY.encode()).hexdigest(),
        }
    record = {
        "messageId": _MESSAGE_ID,
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        "body": _BODY,
        "attributes": attributes,
        "messageAttributes": {},
        "md5OfBody": hashlib.md5(_BODY.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{identity.REGION}:{identity.ACCOUNT_ID}:{trigger.queue}",
        "awsRegion": identity.REGION,
    }
    return {"Records": [record]}


def sns_event(trigger: SnsTrigger) -> dict[str, Any]:
    """One message of the topic, with the attributes the filter policy asks for.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """
    topic = f"arn:aws:sns:{identity.REGION}:{identity.ACCOUNT_ID}:{trigger.topic}"
    subscription = f"{topic}:21be56ed-a058-49f5-8c98-aedd2564c486"
    host = f"https://sns.{identity.REGION}.amazonaws.com"
    message = {
        "Type": "Notification",
        "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
        "TopicArn": topic,
        "Subject": None,
        "Message": _BODY,
        "Timestamp": identity.MOMENT.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "SignatureVersion": "1",
        "Signature": "RVhBTVBMRQ==",
        "SigningCertUrl": f"{host}/SimpleNotificationService-0000000000000000000000.pem",
        "UnsubscribeUrl": f"{host}/?Action=Unsubscribe&SubscriptionArn={subscription}",
        "MessageAttributes": _attributes(trigger.filter_policy or {}),
    }
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription,
        "Sns": message,
    }
    return {"Records": [record]}


def _attributes(filter_policy: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Attributes that satisfy the policy, as far as it names values: `{kind: [order]}`."""
    firsts = {
        name: choices[0] for name, choices in filter_policy.items() if isinstance(choices, list) and choices
    }
    return {
        name: {"Type": "String", "Value": first} for name, first in firsts.items() if isinstance(first, str)
    }
