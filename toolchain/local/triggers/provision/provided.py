"""What connects sources to functions: noted when it is made, removed when no manifest declares it any more.

Queues, topics, buckets, tables and buses stay: they may hold something.
"""

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Literal

from toolchain.atomic_files import replace_file
from toolchain.local.triggers.provision.cloud import Cloud

type Kind = Literal["mapping", "subscription", "notification", "rule", "schedule"]


@dataclass(frozen=True, slots=True, order=True)
class Provided:
    """A connection: `of` is the bucket of a notification, or the bus of a rule; `id` is AWS's, or a name."""

    kind: Kind
    id: str
    of: str = ""


def read_provided(file: Path) -> set[Provided]:
    """Those that were noted; none if the file is missing or damaged: then they stay."""
    try:
        return {Provided(*each) for each in json.loads(file.read_bytes())}
    except (OSError, ValueError, TypeError):
        return set()


def note_provided(file: Path, provided: Iterable[Provided]) -> None:
    """Remember them for the next time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, json.dumps([astuple(each) for each in sorted(provided)], indent=1))


def remove(cloud: Cloud, provided: Iterable[Provided]) -> None:
    """Remove what is there of them; what is gone already is none the worse."""
    for each in sorted(provided):
        match each.kind:
            case "mapping":
                _remove(cloud, "lambda", "delete_event_source_mapping", UUID=each.id)
            case "subscription":
                _remove(cloud, "sns", "unsubscribe", SubscriptionArn=each.id)
            case "schedule":
                _remove(cloud, "scheduler", "delete_schedule", Name=each.id)
            case "rule":
                _remove_rule(cloud, each)
            case "notification":
                _remove_notification(cloud, each)


def _remove(cloud: Cloud, service: str, operation: str, **arguments: Any) -> Any:  # noqa: ANN401 - boto3's
    client = cloud.client(service)
    try:
        return getattr(client, operation)(**arguments)
    except client.exceptions.ClientError as error:
        if not _is_missing(error.response["Error"]["Code"]):
            raise
        return {}


def _is_missing(code: str) -> bool:
    """`ResourceNotFoundException`, `NotFound`, `NoSuchBucket`."""
    return "NotFound" in code or "NoSuch" in code


def _remove_rule(cloud: Cloud, rule: Provided) -> None:
    """EventBridge deletes no rule that has targets."""
    where = {"Rule": rule.id, "EventBusName": rule.of}
    targets = _remove(cloud, "events", "list_targets_by_rule", **where).get("Targets", [])
    if targets:
        _remove(cloud, "events", "remove_targets", **where, Ids=[target["Id"] for target in targets])
    _remove(cloud, "events", "delete_rule", Name=rule.id, EventBusName=rule.of)


def _remove_notification(cloud: Cloud, notification: Provided) -> None:
    """A bucket has one configuration: it is written without this part."""
    found = _remove(cloud, "s3", "get_bucket_notification_configuration", Bucket=notification.of)
    found.pop("ResponseMetadata", None)
    announced = found.get("LambdaFunctionConfigurations", [])
    rest = [each for each in announced if each["Id"] != notification.id]
    if rest != announced:
        configuration = {**found, "LambdaFunctionConfigurations": rest}
        cloud.client("s3").put_bucket_notification_configuration(
            Bucket=notification.of,
            NotificationConfiguration=configuration,
            SkipDestinationValidation=True,  # of others, which may be gone, too
        )
