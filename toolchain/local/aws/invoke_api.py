"""Lambda's Invoke: an ASGI application in front of the rest of the AWS endpoint.

In the event loop, and not in a thread like the rest: a function that calls another waits for it there.
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import base64
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol, TypedDict
from urllib.parse import parse_qs, unquote

import orjson

from toolchain.local.asgi import Application, Receive, Scope, Send
from toolchain.local.invocation import (
    EventFunctions,
    FunctionNotFoundError,
    Functions,
    InvalidParameterError,
    InvalidPayloadError,
    Invocation,
    InvocationError,
    TooManyRequestsError,
)
from toolchain.local.place import Place
from toolchain.local.workers.request import LIMIT_BYTES, InvocationType, check_size

_SIGNED = re.compile(rb"Credential=[^/,\s]*/[0-9]+/([a-z0-9-]+)/lambda/aws4_request")
_PATH = re.compile(rb"/(2015-03-31|2014-11-13)/functions/([^/]+)/(invocations|invoke-async)/?")
_VERSIONS = {b"invocations": b"2015-03-31", b"invoke-async": b"2014-11-13"}
# The members of the service's model; the others have `message`.
_CAPITAL_MESSAGE = frozenset({"ResourceNotFoundException", "ServiceException"})
type Headers = list[tuple[bytes, bytes]]
type FindNew = Callable[[], Awaitable[None]]


class CallableFunctions(Functions, Protocol):
    """Functions that can be looked up without calling them."""

    def resolve(self, name: str, qualifier: str | None = None) -> object:
        """Raises FunctionNotFoundError or InvalidParameterError."""


class _Arguments(TypedDict):
    """Of Functions.invoke and EventFunctions.enqueue, besides name and event."""

    qualifier: str | None
    client_context: bytes | None
    trace: str | None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    headers: Headers


class InvokeApi:
    """Answers calls of functions, and passes on everything else.

    A function's name alone is of the region that a call is signed for; without a signature, of `place`.
    With `find_new`, a function that has just been written is looked for.
    """

    def __init__(
        self,
        functions: CallableFunctions,
        events: EventFunctions,
        others: Application,
        place: Place,
        find_new: FindNew | None = None,
    ) -> None:
        self._functions = functions
        self._events = events
        self._others = others
        self._place = place
        self._find_new = find_new

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match = scope["type"] == "http" and scope["method"] == "POST" and _PATH.fullmatch(_raw_path(scope))
        if not match or _VERSIONS[match[3]] != match[1]:
            await self._others(scope, receive, send)
            return
        name, is_async = unquote(match[2].decode("latin1")), match[3] == b"invoke-async"
        try:
            answer = await (self._answer_async if is_async else self._answer)(name, scope, receive)
        except InvocationError as error:
            answer = _refusal(error)
        except ConnectionResetError:  # while the client sent
            return
        await _send(send, answer)

    async def _answer_async(self, name: str, scope: Scope, receive: Receive) -> _Answer:
        """InvokeAsync, which Invoke's Event has replaced; the AWS CLI still has it.

        https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html
        """
        asked = [field for field in scope["headers"] if field[0] == b"authorization"]
        event = {**scope, "headers": [*asked, (b"x-amz-invocation-type", b"Event")]}
        return await self._answer(name, event, receive)

    async def _answer(self, name: str, scope: Scope, receive: Receive) -> _Answer:
        headers = dict(scope["headers"])
        kind = headers.get(b"x-amz-invocation-type", b"RequestResponse")
        body = await _read(receive, "Event" if kind == b"Event" else "RequestResponse")
        name, qualifier = _with_place(name, headers, self._place), _qualifier(scope)
        await self._resolve(name, qualifier)
        _check_json(body)
        arguments = _Arguments(
            qualifier=qualifier,
            # "for synchronous invocations only"
            client_context=None if kind == b"Event" else _client_context(headers),
            trace=headers.get(b"x-amzn-trace-id", b"").decode("latin1") or None,
        )
        match kind:
            case b"DryRun":
                return _Answer(204, b"", _id_header(str(uuid.uuid4())))
            case b"Event":
                request_id = await self._events.enqueue(name, body, **arguments)
                return _Answer(202, b"", _id_header(request_id))
            case b"RequestResponse":
                invocation = await self._functions.invoke(name, body, **arguments)
                return _Answer(invocation.status, invocation.payload, _headers(invocation, headers))
        shown = kind.decode("latin1")
        raise InvalidParameterError(f"InvocationType is {shown}; use RequestResponse, Event or DryRun")

    async def _resolve(self, name: str, qualifier: str | None) -> None:
        try:
            self._functions.resolve(name, qualifier)
        except FunctionNotFoundError:
            if self._find_new is None:
                raise
            await self._find_new()
            self._functions.resolve(name, qualifier)


def _with_place(name: str, headers: Mapping[bytes, bytes], place: Place) -> str:
    """An ARN for a name in another region; `users:live` and `123456789012:function:users` are names, too."""
    signed = _SIGNED.search(headers.get(b"authorization", b""))
    region = signed[1].decode() if signed else place.region
    if region == place.region or name.startswith("arn:"):
        return name
    return (
        f"arn:aws:lambda:{region}:{name}"
        if ":function:" in name
        else Place(place.account_id, region).function_arn(name)
    )


async def _send(send: Send, answer: _Answer) -> None:
    length = [] if answer.status == HTTPStatus.NO_CONTENT else [_length(answer.body)]
    headers = answer.headers + length
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


def _raw_path(scope: Scope) -> bytes:
    """As it came: boto3 percent-encodes the colons of ARNs, other clients do not."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    return path


async def _read(receive: Receive, invocation_type: InvocationType) -> bytes:
    """The body. Raises RequestTooLargeError, or ConnectionResetError for a client that went away.

    One that is too long is read to its end, though not kept: a client that is answered before it has sent
    all sees nothing but a broken connection.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        size += len(message.get("body", b""))
        if size <= LIMIT_BYTES[invocation_type]:
            chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            check_size(size, invocation_type)
            return b"".join(chunks)


def _qualifier(scope: Scope) -> str | None:
    query = scope["query_string"]
    return parse_qs(query.decode("latin1")).get("Qualifier", [None])[0] if query else None


def _check_json(body: bytes) -> None:
    try:
        orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise InvalidPayloadError(
            f"Could not parse request body into json: Could not parse payload into json: {error}"
        ) from error


def _client_context(headers: dict[bytes, bytes]) -> bytes | None:
    """The JSON in the header's base64."""
    encoded = headers.get(b"x-amz-client-context")
    if not encoded:
        return None
    try:
        context = base64.b64decode(encoded, validate=True)
        orjson.loads(context)
    except ValueError as error:
        raise InvalidPayloadError("Client context must be a valid Base64-encoded JSON object.") from error
    return context


def _headers(invocation: Invocation, asked: dict[bytes, bytes]) -> Headers:
    headers = _id_header(invocation.request_id)
    headers.append((b"content-type", b"application/json"))
    headers.append((b"x-amz-executed-version", invocation.version.encode()))
    if invocation.error:
        headers.append((b"x-amz-function-error", invocation.error.encode()))
    if asked.get(b"x-amz-log-type") == b"Tail":
        headers.append((b"x-amz-log-result", base64.b64encode(invocation.log_tail)))
    return headers


def _refusal(error: InvocationError) -> _Answer:
    """As AWS's, so that SDKs raise the exception of that name."""
    member = "Message" if error.code in _CAPITAL_MESSAGE else "message"
    body = {"Type": error.type, member: str(error)}
    if isinstance(error, TooManyRequestsError):
        body["Reason"] = error.reason
    headers = _id_header(str(uuid.uuid4()))
    headers.append((b"content-type", b"application/json"))
    headers.append((b"x-amzn-errortype", error.code.encode()))
    return _Answer(error.status, orjson.dumps(body), headers)


def _id_header(request_id: str) -> Headers:
    return [(b"x-amzn-requestid", request_id.encode())]
