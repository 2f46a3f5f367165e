"""One call of a function, and that call on its way through a pool."""

import asyncio
import random
from dataclasses import dataclass
from typing import Literal, NamedTuple

from toolchain.local.invocation import Invocation, RequestTooLargeError
from toolchain.local.payloads import ASYNCHRONOUS_EVENT_LIMIT_BYTES, EVENT_LIMIT_BYTES

_random = random.Random()  # noqa: S311 - see make_request_id

type InvocationType = Literal["RequestResponse", "Event"]

LIMIT_BYTES: dict[InvocationType, int] = {
    "RequestResponse": EVENT_LIMIT_BYTES,
    "Event": ASYNCHRONOUS_EVENT_LIMIT_BYTES,
}


def check_size(size: int, invocation_type: InvocationType) -> None:
    """Raises RequestTooLargeError for an event of so many bytes."""
    limit = LIMIT_BYTES[invocation_type]
    if size > limit:
        raise RequestTooLargeError(
            f"{size} byte payload is too large for the {invocation_type} invocation type"
            f" (limit {limit} bytes)"
        )


class Call(NamedTuple):
    """The arguments of toolchain.local.invocation.Functions.invoke."""

    name: str
    payload: bytes
    qualifier: str | None = None
    client_context: bytes | None = None
    trace: str | None = None


def make_request_id() -> str:
    """A random UUID (RFC 9562, 5.4), made five times as fast as uuid.uuid4 does: it is no secret."""
    digits = f"{_random.getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


@dataclass(slots=True, eq=False)
class Request:
    """A call under its request id. `arrived` is the loop's time; nobody may wait for `answer` any more."""

    id: str
    call: Call
    arn: str
    answer: asyncio.Future[Invocation]
    arrived: float

    def head(self, deadline_ms: int) -> bytes:
        """The lines of toolchain.local.workers.child.frames."""
        trace = self.call.trace or self._untraced(deadline_ms // 1000)
        return f"{self.id}\n{deadline_ms}\n{self.arn}\n{trace}\n".encode() + (self.call.client_context or b"")

    def _untraced(self, seconds: int) -> str:
        """A trace that nobody samples: functions are told one always.

        https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
        """
        digits = self.id.replace("-", "")
        return f"Root=1-{seconds:08x}-{digits[:24]};Parent={digits[16:]};Sampled=0"
