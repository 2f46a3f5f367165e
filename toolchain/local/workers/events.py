"""Asynchronous calls: accepted at once, run later, tried again when they fail.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import asyncio
import logging
import math
import uuid
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from toolchain.local.invocation import FunctionNotFoundError, Invocation, InvocationError, ServiceError
from toolchain.local.workers.destinations import Condition, EventOutcome
from toolchain.local.workers.event_settings import DEFAULT, EventSettings
from toolchain.local.workers.functions import LocalFunctions
from toolchain.local.workers.journal import Accepted, Journal
from toolchain.local.workers.request import Call, check_size

_logger = logging.getLogger(__name__)

type OnOutcome = Callable[[EventOutcome], Awaitable[None]]
"""Sends a record to the destination or the dead-letter queue that the function has."""


@dataclass(frozen=True, slots=True)
class EventRules:
    """Lambda waits a minute before the second attempt and two before the third, and six hours in all.

    Nobody waits that long at a desk. `throttled_seconds` is for events that found no free instance, which
    costs no attempt.
    """

    delays_seconds: tuple[float, ...] = (1.0, 2.0)
    throttled_seconds: float = 1.0
    maximum_age_seconds: float = 6 * 3600.0
    at_once: int = 16


@dataclass(frozen=True, slots=True)
class _Event:
    request_id: str
    arn: str
    call: Call
    accepted_at: float
    attempts: int = 0


class LocalEvents:
    """toolchain.local.invocation.EventFunctions.

    What waits when the server ends is in the journal; without one, it is lost.
    """

    def __init__(
        self,
        functions: LocalFunctions,
        on_outcome: OnOutcome,
        rules: EventRules | None = None,
        journal: Journal | None = None,
    ) -> None:
        self._functions = functions
        self._on_outcome = on_outcome
        self._rules = rules or EventRules()
        self._journal = journal
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, deque[_Event]] = defaultdict(deque)
        self._running: dict[str, int] = defaultdict(int)
        self._tasks: set[asyncio.Task[None]] = set()
        self._delays: set[asyncio.TimerHandle] = set()

    async def enqueue(
        self,
        name: str,
        payload: bytes,
        *,
        qualifier: str | None = None,
        client_context: bytes | None = None,
        trace: str | None = None,
    ) -> str:
        """See toolchain.local.invocation.EventFunctions."""
        check_size(len(payload), "Event")
        call = Call(name, payload, qualifier, client_context, trace)
        target = self._functions.resolve(name, qualifier)
        event = _Event(str(uuid.uuid4()), target.arn, call, self._loop.time())
        self._note(event)
        self._add(event)
        return event.request_id

    def resume(self) -> None:
        """Go on with what the journal has; of functions that are gone, there is nothing to do."""
        for accepted in self._journal.pending() if self._journal else ():
            self._add(_Event(accepted.request_id, accepted.arn, accepted.call, self._loop.time()))

    async def close(self) -> None:
        """Forget what waits, and do not wait for what runs."""
        self._waiting.clear()
        for delay in self._delays:
            delay.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._journal:
            self._journal.close()

    def _note(self, event: _Event) -> None:
        try:
            if self._journal:
                self._journal.accept(Accepted(event.request_id, event.arn, event.call))
        except OSError as error:
            raise ServiceError(f"the event can't be kept: {error.strerror}") from error

    def _forget(self, event: _Event) -> None:
        try:
            if self._journal:
                self._journal.finish(event.request_id)
        except OSError as error:
            _logger.warning("an event that is done may run again at the next start: %s", error.strerror)

    def _add(self, event: _Event) -> None:
        self._waiting[event.call.name].append(event)
        self._start(event.call.name)

    def _start(self, name: str) -> None:
        """Events of a function run side by side, up to a limit."""
        while self._waiting[name] and self._running[name] < self._rules.at_once:
            self._running[name] += 1
            task = self._loop.create_task(self._run(self._waiting[name].popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, event: _Event) -> None:
        name = event.call.name
        try:
            await self._attempt(replace(event, attempts=event.attempts + 1))
        finally:
            self._running[name] -= 1
            self._start(name)

    async def _attempt(self, event: _Event) -> None:
        try:
            invocation = await self._functions.run(event.request_id, event.call)
        except FunctionNotFoundError:
            self._forget(event)  # deleted since; AWS drops its events too
            return
        except InvocationError:
            await self._postpone(replace(event, attempts=event.attempts - 1))
            return
        if invocation.error:
            await self._retry(event, invocation)
        else:
            await self._end(event, "Success", invocation)

    async def _postpone(self, event: _Event) -> None:
        """That found no instance: no attempt."""
        age = self._loop.time() - event.accepted_at
        if age + self._rules.throttled_seconds > self._maximum_age_seconds(event):
            await self._end(event, "EventAgeExceeded", None)
        else:
            self._add_later(self._rules.throttled_seconds, event)

    def _maximum_age_seconds(self, event: _Event) -> float:
        return min(self._rules.maximum_age_seconds, self._settings(event).maximum_age_seconds or math.inf)

    def _settings(self, event: _Event) -> EventSettings:
        try:
            return self._functions.resolve(event.call.name, event.call.qualifier).events
        except FunctionNotFoundError:
            return DEFAULT  # deleted since: the next attempt notices

    async def _retry(self, event: _Event, invocation: Invocation) -> None:
        if event.attempts > self._settings(event).retries:
            await self._end(event, "RetriesExhausted", invocation)
        else:
            self._add_later(self._rules.delays_seconds[event.attempts - 1], event)

    async def _end(self, event: _Event, condition: Condition, invocation: Invocation | None) -> None:
        await self._on_outcome(
            EventOutcome(
                event.request_id,
                event.arn,
                event.call.payload,
                condition,
                event.attempts,
                datetime.now(UTC),
                invocation,
            )
        )
        self._forget(event)

    def _add_later(self, seconds: float, event: _Event) -> None:
        def add() -> None:
            self._delays.discard(delay)
            self._add(event)

        delay = self._loop.call_later(seconds, add)
        self._delays.add(delay)
