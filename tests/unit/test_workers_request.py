"""What an instance is told of a request, and events that are too large."""

import asyncio

import pytest

from toolchain.local.invocation import Invocation, RequestTooLargeError
from toolchain.local.workers.request import Call, InvocationType, Request, check_size

_ID = "8f3c1e4a-1111-4222-8333-944445555666"


@pytest.mark.parametrize(
    ("call", "head"),
    [
        (
            Call("users", b"{}"),
            (
                f"{_ID}\n1770091506789\narn\n"
                "Root=1-698173f2-8f3c1e4a1111422283339444;Parent=8333944445555666;Sampled=0\n"
            ),
        ),
        (
            Call("users", b"{}", client_context=b'{"custom":\n{}}', trace="Root=1-2-3"),
            f'{_ID}\n1770091506789\narn\nRoot=1-2-3\n{{"custom":\n{{}}}}',
        ),
    ],
)
def test_head(call: Call, head: str) -> None:
    """A trace is always there, as on Lambda."""
    loop = asyncio.new_event_loop()
    answer: asyncio.Future[Invocation] = asyncio.Future(loop=loop)
    assert Request(_ID, call, "arn", answer, 0.0).head(1_770_091_506_789) == head.encode()
    loop.close()


@pytest.mark.parametrize(("kind", "limit"), [("RequestResponse", 6_291_456), ("Event", 1_048_576)])
def test_limits(kind: InvocationType, limit: int) -> None:
    check_size(limit, kind)
    with pytest.raises(RequestTooLargeError) as error:
        check_size(limit + 1, kind)
    assert str(error.value) == (
        f"{limit + 1} byte payload is too large for the {kind} invocation type (limit {limit} bytes)"
    )
