"""Call the function of a trigger by Cognito's rules.

A function has 5 seconds, and is tried three times; an attempt that ran out of time goes on, so functions
are called one to three times for one event. Only `response` of the event may come back changed.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from toolchain.local.cognito.errors import (
    InvalidLambdaResponseError,
    UnexpectedLambdaError,
    UserLambdaValidationError,
)
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.request import Document
from toolchain.local.invocation import Invocation, InvocationError, ServiceError, TooManyRequestsError

_TIMEOUT_SECONDS = 5.0
_ATTEMPTS = 3
NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"


class Functions(Protocol):
    """toolchain.local.invocation.SyncFunctions, or a fake of it."""

    def invoke(self, name: str, payload: bytes, timeout_seconds: float) -> Invocation: ...


@dataclass(frozen=True, slots=True)
class Call:
    """`source` is the event's triggerSource; `client_id` is None when an administrator acts."""

    pool: Pool
    trigger: str
    source: str
    username: str
    client_id: str | None
    request: Mapping[str, Any]
    response: Mapping[str, Any]

    @property
    def target(self) -> tuple[str, str] | None:
        """The function's ARN and the event's version, or None without such a trigger."""
        settings = self.pool.triggers
        versioned = settings.get(f"{self.trigger}Config")
        if versioned and versioned.get("LambdaArn"):
            return versioned["LambdaArn"], versioned.get("LambdaVersion", "V1_0")[1]
        arn = settings.get(self.trigger)
        return (arn, "1") if arn else None

    def event(self, version: str) -> Document:
        return {
            "version": version,
            "triggerSource": self.source,
            "region": self.pool.region,
            "userPoolId": self.pool.id,
            "userName": self.username,
            "callerContext": {
                "awsSdkVersion": "aws-sdk-unknown-unknown",
                "clientId": self.client_id or NO_CLIENT,
            },
            "request": dict(self.request),
            "response": dict(self.response),
        }


@dataclass(frozen=True, slots=True)
class Triggers:
    """Calls functions; holds no lock meanwhile: a trigger may call Cognito itself."""

    functions: Functions

    def fire(self, call: Call) -> Document | None:
        """The function's `response`; None if the pool has no such trigger.

        Raises UserLambdaValidationError if the function fails, UnexpectedLambdaError if it is not
        reached in time, InvalidLambdaResponseError if what it returns is no answer to the event.
        """
        if call.target is None:
            return None
        arn, version = call.target
        event = call.event(version)
        invocation = self._invoke(call.trigger, arn, json.dumps(event).encode())
        if invocation.error:
            message = _error_message(invocation.payload)
            raise UserLambdaValidationError(f"{call.trigger} failed with error {message}.")
        return _response(event, invocation.payload)

    def _invoke(self, trigger: str, arn: str, payload: bytes) -> Invocation:
        reason = ""
        for _ in range(_ATTEMPTS):
            try:
                return self.functions.invoke(arn, payload, _TIMEOUT_SECONDS)
            except TimeoutError:
                reason = "Socket timeout while invoking Lambda function"
            except (TooManyRequestsError, ServiceError) as error:
                reason = error.code
            except InvocationError as error:
                reason = error.code
                break
        raise UnexpectedLambdaError(f"{trigger} invocation failed due to error {reason}.")


def _response(event: Document, payload: bytes) -> Document:
    try:
        returned = json.loads(payload)
    except ValueError as error:
        raise InvalidLambdaResponseError("Invalid lambda function output : Invalid JSON") from error
    if not isinstance(returned, dict) or not isinstance(returned.get("response"), dict):
        raise InvalidLambdaResponseError("Unrecognizable lambda output")
    if {**returned, "response": None} != {**event, "response": None}:
        raise InvalidLambdaResponseError("Unrecognizable lambda output")
    response: Document = returned["response"]
    return response


def _error_message(payload: bytes) -> str:
    try:
        return str(json.loads(payload).get("errorMessage", ""))
    except (ValueError, AttributeError):
        return ""
