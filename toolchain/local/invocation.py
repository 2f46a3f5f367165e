"""Calling a function: what the parts of the local cloud that call agree on with the part that runs.

    HTTP API ─┐
    Cognito ──┼── Functions.invoke ──> workers
    triggers ─┘

A call that does not reach the function raises; each error has AWS's code and status for it:

    InvocationError
    ├── FunctionNotFoundError       ResourceNotFoundException          404
    ├── InvalidParameterError       InvalidParameterValueException     400
    ├── InvalidPayloadError         InvalidRequestContentException     400
    ├── RequestTooLargeError        RequestEntityTooLargeException     413
    ├── TooManyRequestsError        TooManyRequestsException           429
    └── ServiceError                ServiceException                   500

A function that fails was reached: that is an Invocation whose `error` says so.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
"""

import asyncio
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple, Protocol

from toolchain.errors import ToolchainError

LATEST = "$LATEST"


class Invocation(NamedTuple):
    """How a call of a function ended.

    `payload` is its result, or `{"errorMessage": ..., "errorType": ..., ...}` when `error` is set; JSON,
    unless the handler returned bytes. `log_tail` is the last 4 KB of what it logged. `init_ms` is set if
    the call started a new instance.
    """

    request_id: str
    payload: bytes
    error: Literal["Handled", "Unhandled"] | None = None
    log_tail: bytes = b""
    version: str = LATEST
    status: int = 200
    duration_ms: float = 0.0
    billed_ms: int = 0
    init_ms: float | None = None
    max_memory_mb: int | None = None


class InvocationError(ToolchainError):
    """The function was not reached. The text is the message that AWS sends."""

    code: ClassVar[str]
    status: ClassVar[int]
    type: ClassVar[Literal["User", "Service"]] = "User"


class FunctionNotFoundError(InvocationError):
    """No function has the name, or the function has no such version or alias."""

    code = "ResourceNotFoundException"
    status = 404


class InvalidParameterError(InvocationError):
    """The name or the qualifier is none, or the two contradict each other."""

    code = "InvalidParameterValueException"
    status = 400


class InvalidPayloadError(InvocationError):
    """The event is not JSON."""

    code = "InvalidRequestContentException"
    status = 400


class RequestTooLargeError(InvocationError):
    """The event is larger than Lambda takes."""

    code = "RequestEntityTooLargeException"
    status = 413


class TooManyRequestsError(InvocationError):
    """As many instances as there may be are busy; `reason` is AWS's word for which limit it was."""

    code = "TooManyRequestsException"
    status = 429

    def __init__(self, reason: str, message: str = "Rate Exceeded.") -> None:
        super().__init__(message)
        self.reason = reason


class ServiceError(InvocationError):
    """The local cloud itself failed, or is going down."""

    code = "ServiceException"
    status = 500
    type = "Service"


class Functions(Protocol):
    """Runs functions, and waits for what they return."""

    async def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        qualifier: str | None = None,
        client_context: bytes | None = None,
        trace: str | None = None,
    ) -> Invocation:
        """Run a function on an event; raises InvocationError.

        `name` is a function's name or ARN, with or without a qualifier; `qualifier` a version or an alias.
        `client_context` is JSON, decoded; `trace` the value of an X-Amzn-Trace-Id header.

        Cancelling the call does not stop the function: on AWS, too, it runs on when nobody waits.
        """
        ...


class EventFunctions(Protocol):
    """Runs functions later, and tries again when they fail: Lambda's asynchronous invocation."""

    async def enqueue(
        self,
        name: str,
        payload: bytes,
        *,
        qualifier: str | None = None,
        client_context: bytes | None = None,
        trace: str | None = None,
    ) -> str:
        """Accept an event, and give it a request id; raises InvocationError if it is not accepted."""
        ...


@dataclass(frozen=True, slots=True)
class SyncFunctions:
    """Calls functions from a thread that is not the event loop's, as moto's handlers are."""

    functions: Functions
    loop: asyncio.AbstractEventLoop

    def invoke(
        self, name: str, payload: bytes, timeout_seconds: float, *, qualifier: str | None = None
    ) -> Invocation:
        """As Functions.invoke. Raises TimeoutError after a time; the function runs on."""
        call = self.functions.invoke(name, payload, qualifier=qualifier)
        return asyncio.run_coroutine_threadsafe(call, self.loop).result(timeout_seconds)
