"""Changes of stored things: objects in buckets, items in tables."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Protocol

from pydantic import Field

from toolchain.manifest.fields import ListOf, Model, hint

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
type BucketEvent = Literal[
    "s3:ObjectCreated:*",
    "s3:ObjectCreated:Put",
    "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Copy",
    "s3:ObjectCreated:CompleteMultipartUpload",
    "s3:ObjectRemoved:*",
    "s3:ObjectRemoved:Delete",
    "s3:ObjectRemoved:DeleteMarkerCreated",
    "s3:ObjectRestore:*",
    "s3:ObjectRestore:Post",
    "s3:ObjectRestore:Completed",
    "s3:ObjectRestore:Delete",
    "s3:ObjectTagging:*",
    "s3:ObjectTagging:Put",
    "s3:ObjectTagging:Delete",
    "s3:ObjectAcl:Put",
    "s3:LifecycleExpiration:*",
    "s3:LifecycleExpiration:Delete",
    "s3:LifecycleExpiration:DeleteMarkerCreated",
    "s3:LifecycleTransition",
    "s3:IntelligentTiering",
    "s3:Replication:*",
    "s3:Replication:OperationFailedReplication",
    "s3:Replication:OperationNotTracked",
    "s3:Replication:OperationMissedThreshold",
    "s3:Replication:OperationReplicatedAfterThreshold",
    "s3:ReducedRedundancyLostObject",
]


class S3Trigger(Model):
    """A bucket calls the function when objects change."""

    kind: ClassVar[Literal["s3"]] = "s3"

    bucket: str = Field(
        description="The bucket's name.",
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        json_schema_extra=hint("use 3 to 63 lowercase letters, digits, . and -"),
    )
    events: ListOf[BucketEvent] = Field(
        default=("s3:ObjectCreated:*",), min_length=1, description="The changes that are announced."
    )
    prefix: str = Field(default="", max_length=1024, description="Only keys that start with this.")
    suffix: str = Field(default="", max_length=1024, description="Only keys that end with this.")


class Announced(Protocol):
    """Changes of objects, by event types and parts of keys."""

    @property
    def events(self) -> Sequence[str]: ...

    @property
    def prefix(self) -> str: ...

    @property
    def suffix(self) -> str: ...


def overlap(one: Announced, other: Announced) -> bool:
    """Whether both may announce the same change of one object."""
    return (
        any(_includes(a, b) or _includes(b, a) for a in one.events for b in other.events)
        and (one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix))
        and (one.suffix.endswith(other.suffix) or other.suffix.endswith(one.suffix))
    )


def _includes(event: str, other: str) -> bool:
    """Whether `s3:ObjectCreated:*` or an equal name covers the other."""
    return event == other or (event.endswith(":*") and other.startswith(event[:-1]))


class DynamoDbStreamTrigger(Model):
    """Lambda reads a table's stream and calls the function with batches of changes."""

    kind: ClassVar[Literal["dynamodb_stream"]] = "dynamodb_stream"

    table: str = Field(
        description="The table's name.",
        pattern=r"^[A-Za-z0-9_.-]{3,255}$",
        json_schema_extra=hint("use 3 to 255 letters, digits, . - and _"),
    )
    key: str = Field(
        default="id",
        description="The attribute, a text, by which the table finds its items.",
        pattern=r"^[A-Za-z0-9_.-]{1,255}$",
        json_schema_extra=hint("use 1 to 255 letters, digits, . - and _"),
    )
    starting_position: Literal["LATEST", "TRIM_HORIZON"] = Field(
        default="LATEST",
        description="Where reading starts: at new changes, or at the oldest kept (24 hours).",
    )
    batch_size: int = Field(default=100, ge=1, le=10000, description="Changes in one invocation, at most.")
    maximum_batching_window_seconds: int = Field(
        default=0, ge=0, le=300, description="How long Lambda may wait for a batch to fill."
    )
    maximum_retry_attempts: int = Field(
        default=5,
        ge=0,
        le=10000,
        description="How often a batch is tried again, in halves; then it goes to the function's queue of"
        " failures. Meanwhile what follows waits.",
    )
    report_batch_item_failures: bool = Field(
        default=True,
        description="The function answers from which change on it failed; only those are delivered again.",
    )
