"""Buckets, and what they announce to functions."""

from collections.abc import Iterator, Sequence
from typing import Any

from toolchain.local.triggers.provision.cloud import Cloud, Declared
from toolchain.local.triggers.provision.provided import Provided
from toolchain.manifest.triggers import S3Trigger

_OTHERS = ("TopicConfigurations", "QueueConfigurations", "EventBridgeConfiguration")


def provide(cloud: Cloud, triggers: Sequence[Declared[S3Trigger]]) -> Iterator[Provided]:
    """A bucket has one configuration: that for functions is written anew, the rest of it stays."""
    for name in sorted({declared.trigger.bucket for declared in triggers}):
        client = cloud.client("s3")
        _create(cloud, name)
        before = client.get_bucket_notification_configuration(Bucket=name)
        announced = [_announcement(cloud, user) for user in triggers if user.trigger.bucket == name]
        configuration = {part: before[part] for part in _OTHERS if part in before}
        client.put_bucket_notification_configuration(
            Bucket=name,
            NotificationConfiguration={**configuration, "LambdaFunctionConfigurations": announced},
            SkipDestinationValidation=True,  # of others, which may be gone
        )
        yield from (Provided("notification", announcement["Id"], name) for announcement in announced)


def _create(cloud: Cloud, name: str) -> None:
    client, region = cloud.client("s3"), cloud.place.region
    # the one region that is nowhere else's name for a bucket's location
    location = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region != "us-east-1" else {}
    try:
        client.create_bucket(Bucket=name, **location)
    except client.exceptions.BucketAlreadyOwnedByYou:
        return


def _announcement(cloud: Cloud, declared: Declared[S3Trigger]) -> dict[str, Any]:
    parts = {"prefix": declared.trigger.prefix, "suffix": declared.trigger.suffix}
    rules = [{"Name": name, "Value": value} for name, value in parts.items() if value]
    return {
        "Id": declared.name,
        "LambdaFunctionArn": cloud.place.function_arn(declared.function.name),
        "Events": list(declared.trigger.events),
        **({"Filter": {"Key": {"FilterRules": rules}}} if rules else {}),
    }
