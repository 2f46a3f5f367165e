"""What can start a function: a model per kind of trigger, and an item of `triggers` in function.yaml.

An item is a mapping with one key, the kind: `- sqs: {queue: orders}`.
"""

from typing import Any, Self

from pydantic import ConfigDict, Field, GetPydanticSchema, model_validator
from pydantic_core import core_schema

from toolchain.manifest.change_triggers import DynamoDbStreamTrigger, S3Trigger
from toolchain.manifest.cognito_trigger import CognitoTrigger
from toolchain.manifest.fields import Model, Omittable, hint, listed
from toolchain.manifest.http_trigger import HttpTrigger
from toolchain.manifest.message_triggers import EventBridgeTrigger, SnsTrigger, SqsTrigger
from toolchain.manifest.schedule_trigger import ScheduleTrigger

__all__ = [
    "KINDS",
    "CognitoTrigger",
    "DynamoDbStreamTrigger",
    "EventBridgeTrigger",
    "HttpTrigger",
    "ItemOf",
    "S3Trigger",
    "ScheduleTrigger",
    "SnsTrigger",
    "SqsTrigger",
    "Trigger",
    "TriggerItem",
]

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


def _such_as(example: str) -> dict[str, Any]:
    return hint(f"use a mapping, such as {example}")


class TriggerItem(Model):
    """One trigger: a mapping whose only key is the kind."""

    model_config = ConfigDict(
        json_schema_extra={
            **hint("use a mapping with one key, such as `http: {...}`"),
            "minProperties": 1,
            "maxProperties": 1,
        }
    )

    http: Omittable[HttpTrigger] = Field(
        default=None,
        description="A route of the HTTP API.",
        json_schema_extra=_such_as("{method: GET, path: /things}"),
    )
    cognito: Omittable[CognitoTrigger] = Field(
        default=None,
        description="A Lambda trigger of the user pool.",
        json_schema_extra=_such_as("{trigger: PostConfirmation}"),
    )
    schedule: Omittable[ScheduleTrigger] = Field(
        default=None,
        description="Times at which the function runs.",
        json_schema_extra=_such_as("{expression: rate(1 day)}"),
    )
    sqs: Omittable[SqsTrigger] = Field(
        default=None, description="Messages of a queue.", json_schema_extra=_such_as("{queue: orders}")
    )
    sns: Omittable[SnsTrigger] = Field(
        default=None, description="Messages of a topic.", json_schema_extra=_such_as("{topic: news}")
    )
    s3: Omittable[S3Trigger] = Field(
        default=None,
        description="Changes of objects in a bucket.",
        json_schema_extra=_such_as("{bucket: uploads}"),
    )
    eventbridge: Omittable[EventBridgeTrigger] = Field(
        default=None,
        description="Events of a bus.",
        json_schema_extra=_such_as("{pattern: {source: [shop.orders]}}"),
    )
    dynamodb_stream: Omittable[DynamoDbStreamTrigger] = Field(
        default=None, description="Changes of a table.", json_schema_extra=_such_as("{table: orders}")
    )

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
