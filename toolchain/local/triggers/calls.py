"""Calls of functions by pollers, which wait for the answer, and by services, which don't."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress

import orjson

from toolchain.local.invocation import (
    EventFunctions,
    Functions,
    Invocation,
    InvocationError,
    TooManyRequestsError,
)

logger = logging.getLogger("toolchain.local.triggers")

_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 5.0
_PATIENCE_SECONDS = 30.0


def unless_bad[T](read: Callable[[], T], name: str) -> Iterator[T]:
    """What is read; or nothing, and a line of the log: what can't be understood must not stop the others."""
    try:
        yield read()
    except Exception:  # the boundary: clients leave in moto what they like
        logger.exception("%s can't be understood, and calls nobody", name)


def finder(resolve: Callable[[str], object], loop: asyncio.AbstractEventLoop) -> Callable[[str], bool]:
    """Whether an ARN is of a function, for moto's threads; `resolve` is for the loop's own."""

    async def is_function(arn: str) -> bool:
        try:
            resolve(arn)
        except InvocationError:
            return False
        return True

    return lambda arn: asyncio.run_coroutine_threadsafe(is_function(arn), loop).result(_PATIENCE_SECONDS)


async def call_when_free(
    functions: Functions, function: str, payload: bytes, patience_seconds: float
) -> Invocation:
    """Call, and again and again while too many calls run; raises InvocationError when that takes too long."""
    deadline = asyncio.get_running_loop().time() + patience_seconds
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            return await functions.invoke(function, payload)
        except TooManyRequestsError:
            if asyncio.get_running_loop().time() + pause > deadline:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


class Deliveries:
    """Hands events to functions from any thread, and waits for nothing, as SNS, S3 and EventBridge do."""

    def __init__(self, functions: EventFunctions, loop: asyncio.AbstractEventLoop) -> None:
        self._functions = functions
        self._loop = loop
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, function: str, event: object, sender: str, *, delay_seconds: float = 0.0) -> None:
        """Have the function called with the event; `sender` is who, as the log names it."""
        payload = orjson.dumps(event)
        with suppress(RuntimeError):  # the loop has closed: the local cloud is going down
            self._loop.call_soon_threadsafe(self._start, function, payload, sender, delay_seconds)

    async def stop(self) -> None:
        """Give up what was not handed over yet."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, function: str, payload: bytes, sender: str, delay_seconds: float) -> None:
        task = self._loop.create_task(self._deliver(function, payload, sender, delay_seconds))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, function: str, payload: bytes, sender: str, delay_seconds: float) -> None:
        await asyncio.sleep(delay_seconds)
        try:
            await self._functions.enqueue(function, payload)
        except InvocationError as error:
            logger.warning("%s: %s is not called: %s", sender, function, error)
