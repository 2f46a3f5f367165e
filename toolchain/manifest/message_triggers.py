"""Messages of queues and topics, and events of event buses."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from toolchain.manifest.fields import Model, Omittable, hint
from toolchain.manifest.patterns import check_pattern

type Pattern = Annotated[Mapping[str, Any], AfterValidator(check_pattern)]


class SqsTrigger(Model):
    """Lambda polls a queue and calls the function with batches of messages."""

    kind: ClassVar[Literal["sqs"]] = "sqs"

    queue: str = Field(
        description="The queue's name; a FIFO queue's ends in .fifo.",
        pattern=r"^([A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo)$",
        json_schema_extra=hint("use up to 80 letters, digits, - and _; .fifo at the end for a FIFO queue"),
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
    maximum_concurrency: Omittable[int] = Field(
        default=None,
        ge=2,
        le=1000,
        description="Batches at once, at most. Default: the queue's share of the function's reserved"
        " concurrency, if it has one: messages that are refused count as delivered.",
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
    filter_policy: Omittable[Pattern] = Field(
        default=None,
        description="Only messages whose attributes match are delivered.",
        json_schema_extra=hint("use a mapping, such as {kind: [order]}"),
    )


class EventBridgeTrigger(Model):
    """An event bus calls the function with the events that match a pattern."""

    kind: ClassVar[Literal["eventbridge"]] = "eventbridge"

    bus: str = Field(
        default="default",
        description="The event bus's name.",
        pattern=r"^[.A-Za-z0-9_-]{1,256}$",
        json_schema_extra=hint("use up to 256 letters, digits, . - and _"),
    )
    pattern: Pattern = Field(
        min_length=1,
        description="The event pattern.",
        examples=[{"source": ["shop.orders"], "detail-type": ["OrderPlaced"]}],
        json_schema_extra=hint("use a mapping with at least one field, such as {source: [shop.orders]}"),
    )
