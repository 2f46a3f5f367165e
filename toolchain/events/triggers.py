"""The event of a trigger, whatever its kind."""

from typing import Any

from toolchain.events.buses import eventbridge_event, schedule_event
from toolchain.events.changes import dynamodb_stream_event, s3_event
from toolchain.events.cognito import cognito_event
from toolchain.events.http import http_event
from toolchain.events.messages import sns_event, sqs_event
from toolchain.manifest.cognito_trigger import CognitoTrigger
from toolchain.manifest.http_trigger import HttpTrigger
from toolchain.manifest.triggers import (
    DynamoDbStreamTrigger,
    EventBridgeTrigger,
    S3Trigger,
    ScheduleTrigger,
    SnsTrigger,
    SqsTrigger,
    Trigger,
)

type Event = dict[str, Any]


def trigger_event(trigger: Trigger, function: str) -> Event:  # noqa: PLR0911 - a case for each kind
    """What the trigger calls the function with."""
    match trigger:
        case HttpTrigger():
            return http_event(trigger)
        case CognitoTrigger():
            return cognito_event(trigger)
        case ScheduleTrigger():
            return schedule_event(trigger, function)
        case SqsTrigger():
            return sqs_event(trigger)
        case SnsTrigger():
            return sns_event(trigger)
        case S3Trigger():
            return s3_event(trigger)
        case EventBridgeTrigger():
            return eventbridge_event(trigger)
        case DynamoDbStreamTrigger():
            return dynamodb_stream_event(trigger)
