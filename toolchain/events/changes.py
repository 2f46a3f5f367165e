"""Changes of stored things: objects in buckets, items in tables."""

from typing import Any
from urllib.parse import quote_plus

from toolchain.events import identity
from toolchain.manifest.triggers import DynamoDbStreamTrigger, S3Trigger

# The usual one of the events a wildcard stands for.
_OF_WILDCARD = {
    "s3:ObjectCreated:*": "s3:ObjectCreated:Put",
    "s3:ObjectRemoved:*": "s3:ObjectRemoved:Delete",
    "s3:ObjectRestore:*": "s3:ObjectRestore:Completed",
    "s3:ObjectTagging:*": "s3:ObjectTagging:Put",
    "s3:LifecycleExpiration:*": "s3:LifecycleExpiration:Delete",
    "s3:Replication:*": "s3:Replication:OperationFailedReplication",
}


def s3_event(trigger: S3Trigger) -> dict[str, Any]:
    """The first of the trigger's events, for a key that has its prefix and suffix.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    event = _OF_WILDCARD.get(trigger.events[0], trigger.events[0]).removeprefix("s3:")
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": identity.REGION,
        "eventTime": identity.MOMENT.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "eventName": event,
        "userIdentity": {"principalId": "AWS:AIDAJDPLRKLG7UEXAMPLE"},
        "requestParameters": {"sourceIPAddress": identity.SOURCE_IP},
        "responseElements": {
            "x-amz-request-id": "C3D13FE58DE4C810",
            "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD",
        },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "sample",
            "bucket": {
                "name": trigger.bucket,
                "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                "arn": f"arn:aws:s3:::{trigger.bucket}",
            },
            "object": _object(f"{trigger.prefix}ada lovelace{trigger.suffix}", event),
        },
    }
    return {"Records": [record]}


def _object(key: str, event: str) -> dict[str, Any]:
    """Keys are URL-encoded, with + for a space; what was removed has neither size nor tag."""
    content = {} if "Removed" in event else {"size": 1024, "eTag": "d41d8cd98f00b204e9800998ecf8427e"}
    return {"key": quote_plus(key, safe="/"), **content, "sequencer": "0055AED6DCD90281E5"}


def dynamodb_stream_event(trigger: DynamoDbStreamTrigger) -> dict[str, Any]:
    """One new item of the table.

    https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    """
    key = {"id": {"S": "42"}}
    table = f"arn:aws:dynamodb:{identity.REGION}:{identity.ACCOUNT_ID}:table/{trigger.table}"
    record = {
        "eventID": "c4ca4238a0b923820dcc509a6f75849b",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": identity.REGION,
        "dynamodb": {
            "ApproximateCreationDateTime": float(identity.EPOCH_SECONDS),
            "Keys": key,
            "NewImage": {**key, "name": {"S": identity.NAME}},
            "SequenceNumber": "4421584500000000017450439091",
            "SizeBytes": 26,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": f"{table}/stream/2026-01-31T12:00:00.000",
    }
    return {"Records": [record]}
