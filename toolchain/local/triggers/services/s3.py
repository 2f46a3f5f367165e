"""Buckets: objects that are created, removed or tagged call functions.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import quote_plus

from moto.s3 import notifications
from moto.s3.models import FakeBucket, FakeKey, S3Backend, s3_backends

from toolchain.local.triggers.calls import Deliveries
from toolchain.local.triggers.replacements import Replacement

# moto announces an object before it has its metadata and tags; S3 is slower than that.
_DELAY_SECONDS = 0.05
_EMPTY_ETAG = "d41d8cd98f00b204e9800998ecf8427e"


@dataclass(frozen=True, slots=True)
class Object:
    """What an event says of an object; a version only in buckets that have them."""

    name: str
    size: int
    etag: str
    version_id: str | None


@dataclass(frozen=True, slots=True)
class Notified:
    """A bucket, and the id of the configuration by which it announces an event."""

    name: str
    region: str
    configuration_id: str


def s3_event(name: str, bucket: Notified, key: Object, sequencer: int, moment: datetime) -> dict[str, Any]:
    """The event `name`, such as `ObjectCreated:Put`, of an object.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": bucket.region,
        "eventTime": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "eventName": name,
        "userIdentity": {"principalId": "AWS:AIDAJDPLRKLG7UEXAMPLE"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {
            "x-amz-request-id": uuid.uuid4().hex[:16].upper(),
            "x-amz-id-2": uuid.uuid4().hex,
        },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": bucket.configuration_id,
            "bucket": {
                "name": bucket.name,
                "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                "arn": f"arn:aws:s3:::{bucket.name}",
            },
            "object": _object(name, key, f"{sequencer:018X}"),
        },
    }
    return {"Records": [record]}


def _object(event: str, key: Object, sequencer: str) -> dict[str, Any]:
    """Keys are URL-encoded, with + for a space; what was deleted has neither size nor tag."""
    content: dict[str, Any] = {"size": key.size, "eTag": key.etag}
    if event.endswith(":Delete"):
        content = {}
    elif event.endswith(":DeleteMarkerCreated"):
        content = {"eTag": key.etag}
    version = {"versionId": key.version_id} if key.version_id else {}
    return {"key": quote_plus(key.name, safe="/"), **content, **version, "sequencer": sequencer}


def replacements(deliveries: Deliveries) -> list[Replacement]:
    """Events as S3's; moto's lack half of the fields, and those of versions that are deleted altogether.

    An upload in parts is announced once, when it is complete; moto announces a Put, too.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
    """
    sequence = count(int(datetime.now(UTC).timestamp() * 1000) << 16)
    put, delete, send = S3Backend.put_object, S3Backend.delete_object, notifications.send_event

    def event(event_name: str, bucket: FakeBucket, key: Any, notification_id: str) -> dict[str, Any]:  # noqa: ANN401 - one of three classes of moto
        version = key.version_id if bucket.is_versioned else None
        described = Object(key.name, key.size, key.etag.strip('"'), version)
        notified = Notified(bucket.name, bucket.region_name, notification_id)
        name = str.__str__(event_name).removeprefix("s3:")
        return s3_event(name, notified, described, next(sequence), datetime.now(UTC))

    def send_event(
        account_id: str,
        event_name: notifications.S3NotificationEvent,
        bucket: FakeBucket,
        key: Any,  # noqa: ANN401 - one of three classes of moto
    ) -> None:
        is_tagging = event_name == notifications.S3NotificationEvent.OBJECT_TAGGING_PUT_EVENT
        if is_tagging and not s3_backends[account_id][bucket.partition].get_object_tagging(key)["Tags"]:
            return  # moto tags each object that is put, with no tags
        send(account_id, event_name, bucket, key)

    def invoke(_account_id: str, body: dict[str, Any], function_arn: str, _region: str) -> None:
        bucket = body["Records"][0]["s3"]["bucket"]["name"]
        deliveries.send(function_arn, body, f"bucket {bucket}", delay_seconds=_DELAY_SECONDS)

    def put_object(backend: S3Backend, *given: Any, **named: Any) -> FakeKey:  # noqa: ANN401 - moto's arguments
        if named.get("multipart"):
            named["disable_notification"] = True
        return put(backend, *given, **named)

    def delete_object(
        backend: S3Backend,
        bucket_name: str,
        key_name: str,
        version_id: str | None = None,
        bypass: bool = False,  # noqa: FBT001, FBT002 - the signature is moto's
    ) -> tuple[bool, dict[str, Any]]:
        was_there, answer = delete(backend, bucket_name, key_name, version_id, bypass)
        bucket = backend.get_bucket(bucket_name)
        if was_there and bucket.is_versioned and key_name in bucket.keys:
            kind = "Delete" if version_id else "DeleteMarkerCreated"
            removed = Object(key_name, 0, _EMPTY_ETAG, answer.get("version-id"))
            name = notifications.S3NotificationEvent(f"s3:ObjectRemoved:{kind}")
            notifications.send_event(backend.account_id, name, bucket, removed)
        return was_there, answer

    return [
        Replacement(notifications, "send_event", send_event),
        Replacement(notifications, "_get_s3_event", event),
        Replacement(notifications, "_invoke_awslambda", invoke),
        Replacement(S3Backend, "put_object", put_object),
        Replacement(S3Backend, "delete_object", delete_object),
    ]
