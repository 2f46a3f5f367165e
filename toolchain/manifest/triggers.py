"""What can start a function: one model per trigger kind, as function.yaml writes them.

An item of `triggers` is a mapping with one key, the kind: `- sqs: {queue: orders}`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, GetPydanticSchema, model_validator
from pydantic_core import core_schema

from toolchain.manifest import schedules
from toolchain.manifest.cognito_trigger import CognitoTrigger
from toolchain.manifest.fields import ListOf, Model, hint, listed
from toolchain.manifest.http_trigger import HttpTrigger

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
    "s3:ReducedRedundancyLostObject",
]


class ScheduleTrigger(Model):
    """EventBridge Scheduler calls the function at the times of an expression."""

    kind: ClassVar[Literal["schedule"]] = "schedule"

    expression: Annotated[str, AfterValidator(schedules.check_expression)] = Field(
        description="rate(5 minutes), or cron(minutes hours day-of-month month day-of-week year).",
        examples=["rate(1 day)", "cron(0 8 ? * MON-FRI *)"],
        json_schema_extra=hint("use rate(5 minutes) or cron(0 8 * * ? *)", pattern=schedules.PATTERN),
    )
    timezone: Annotated[str, AfterValidator(schedules.check_timezone)] = Field(
        default="UTC",
        description="The time zone that cron() is read in, daylight saving included.",
        examples=["Europe/Berlin"],
        json_schema_extra=hint("use a name of the tz database, such as Europe/Berlin"),
    )
    input: Mapping[str, Any] | None = Field(
        default=None,
        description="The event the function gets, instead of EventBridge Scheduler's own.",
        json_schema_extra=hint("use a mapping"),
    )


class SqsTrigger(Model):
    """Lambda polls a queue and calls the function with batches of messages."""

    kind: ClassVar[Literal["sqs"]] = "sqs"

    queue: str = Field(
        description="The queue's name; a FIFO queue's ends in .fifo.",
        pattern=r"^[A-Za-z0-9_-]{1,75}(\.fifo)?$",
        json_schema_extra=hint(
            "use up to 75 letters, digits, - and _ (and .fifo at the end for a FIFO queue)"
        ),
    )
    batch_size: int = Field(
        default=10,
        ge=1,
        le=10000,
        description="Messages in one invocation, at most. FIFO queues: at most 10.",
    )
    maximum_batching_window_seconds: int = Field(
        default=0, ge=0, le=300, description="How long Lambda may wait for a batch to fill."
    )
    report_batch_item_failures: bool = Field(
        default=True,
        description="The function answers which messages failed; only those are delivered again.",
    )

    @model_validator(mode="after")
    def _check_batch(self) -> Self:
        """As https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html has it."""
        is_fifo = self.queue.endswith(".fifo")
        if is_fifo and self.batch_size > 10:
            raise ValueError(f"batch_size is {self.batch_size}; a FIFO queue has at most 10")
        if is_fifo and self.maximum_batching_window_seconds:
            raise ValueError("maximum_batching_window_seconds is set; a FIFO queue has none")
        if self.batch_size > 10 and not self.maximum_batching_window_seconds:
            raise ValueError(
                f"batch_size is {self.batch_size}; above 10, set maximum_batching_window_seconds to 1 or more"
            )
        return self


class SnsTrigger(Model):
    """A topic calls the function with each message."""

    kind: ClassVar[Literal["sns"]] = "sns"

    topic: str = Field(
        description="The topic's name. FIFO topics do not deliver to Lambda; put a queue between.",
        pattern=r"^[A-Za-z0-9_-]{1,256}$",
        json_schema_extra=hint("use up to 256 letters, digits, - and _"),
    )
    filter_policy: Mapping[str, Any] | None = Field(
        default=None,
        description="Only messages whose attributes match are delivered.",
        json_schema_extra=hint("use a mapping"),
    )


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


class EventBridgeTrigger(Model):
    """An event bus calls the function with the events that match a pattern."""

    kind: ClassVar[Literal["eventbridge"]] = "eventbridge"

    bus: str = Field(
        default="default",
        description="The event bus's name.",
        pattern=r"^[/.A-Za-z0-9_-]{1,256}$",
        json_schema_extra=hint("use up to 256 letters, digits, . - _ and /"),
    )
    pattern: Mapping[str, Any] = Field(
        min_length=1,
        description="The event pattern.",
        examples=[{"source": ["shop.orders"], "detail-type": ["OrderPlaced"]}],
        json_schema_extra=hint("use a mapping with at least one field, such as {source: [shop.orders]}"),
    )


class DynamoDbStreamTrigger(Model):
    """Lambda reads a table's stream and calls the function with batches of changes."""

    kind: ClassVar[Literal["dynamodb_stream"]] = "dynamodb_stream"

    table: str = Field(
        description="The table's name.",
        pattern=r"^[A-Za-z0-9_.-]{3,255}$",
        json_schema_extra=hint("use 3 to 255 letters, digits, . - and _"),
    )
    starting_position: Literal["LATEST", "TRIM_HORIZON"] = Field(
        default="LATEST",
        description="Where reading starts: at new changes, or at the oldest kept (24 hours).",
    )
    batch_size: int = Field(default=100, ge=1, le=10000, description="Changes in one invocation, at most.")


type Trigger = (
    HttpTrigger
    | CognitoTrigger
    | ScheduleTrigger
    | SqsTrigger
    | SnsTrigger
    | S3Trigger
    | EventBridgeTrigger
    | DynamoDbStreamTrigger
)


class TriggerItem(Model):
    """One trigger: a mapping whose only key is the kind."""

    model_config = ConfigDict(
        json_schema_extra={
            **hint("use a mapping with one key, such as `http: {...}`"),
            "minProperties": 1,
            "maxProperties": 1,
        }
    )

    http: HttpTrigger | None = Field(default=None, description="A route of the HTTP API.")
    cognito: CognitoTrigger | None = Field(default=None, description="A Lambda trigger of the user pool.")
    schedule: ScheduleTrigger | None = Field(default=None, description="Times at which the function runs.")
    sqs: SqsTrigger | None = Field(default=None, description="Messages of a queue.")
    sns: SnsTrigger | None = Field(default=None, description="Messages of a topic.")
    s3: S3Trigger | None = Field(default=None, description="Changes of objects in a bucket.")
    eventbridge: EventBridgeTrigger | None = Field(default=None, description="Events of a bus.")
    dynamodb_stream: DynamoDbStreamTrigger | None = Field(default=None, description="Changes of a table.")

    @property
    def given(self) -> tuple[Trigger, ...]:
        values = (getattr(self, kind) for kind in KINDS)
        return tuple(value for value in values if value is not None)

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if not self.given:
            raise ValueError(f"name a trigger: {listed(KINDS)}")
        if len(self.given) > 1:
            kinds = listed([trigger.kind for trigger in self.given], "and")
            raise ValueError(f"{kinds} are in one item; give each an item of its own")
        return self


KINDS = tuple(TriggerItem.model_fields)

# Written as an item, used as the trigger itself.
ItemOf = GetPydanticSchema(
    lambda _source, handler: core_schema.no_info_after_validator_function(
        lambda item: item.given[0], handler(TriggerItem)
    )
)
