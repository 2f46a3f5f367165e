"""Times at which EventBridge Scheduler calls a function."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from toolchain.manifest import schedules
from toolchain.manifest.fields import Model, Omittable, hint


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
        json_schema_extra=hint("use a tz database name, such as Europe/Berlin"),
    )
    input: Omittable[Mapping[str, Any]] = Field(
        default=None,
        description="The event the function gets, instead of EventBridge Scheduler's own.",
        json_schema_extra=hint("use a mapping, such as {task: sweep}"),
    )
