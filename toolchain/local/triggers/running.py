"""Starts and stops what calls functions: for queues, streams, topics, buckets, event buses and schedules."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from toolchain.local.invocation import EventFunctions, Functions
from toolchain.local.triggers import mappings
from toolchain.local.triggers.bells import Bells
from toolchain.local.triggers.calls import Deliveries, finder
from toolchain.local.triggers.mappings import EventSourceMapping
from toolchain.local.triggers.pollers import MAPPINGS, Pollers, Run
from toolchain.local.triggers.replacements import Replacement, replaced
from toolchain.local.triggers.schedules import rules, scheduler
from toolchain.local.triggers.schedules.clock import SCHEDULES, keep_time
from toolchain.local.triggers.services import (
    bucket_notifications,
    event_entries,
    eventbridge,
    patterns,
    s3,
    sns,
)
from toolchain.local.triggers.services.targets import send_to
from toolchain.local.triggers.sqs import queue
from toolchain.local.triggers.sqs.poller import SqsPoller
from toolchain.local.triggers.streams import shard
from toolchain.local.triggers.streams.poller import StreamPoller
from toolchain.local.triggers.streams.shard import Positions


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Triggers:
    """Triggers that work, until they are stopped."""

    _tasks: tuple[asyncio.Task[None], ...]
    _deliveries: Deliveries
    _replacements: ExitStack

    async def stop(self) -> None:
        """Call no function any more. Calls that run are not waited for."""
        self._replacements.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._deliveries.stop()


async def start(
    functions: Functions,
    events: EventFunctions,
    resolve: Callable[[str], object],
    *,
    now: Callable[[], datetime] = _utc_now,
) -> Triggers:
    """Have functions called by whatever exists in moto, now and later, whoever made it.

    Pollers call `functions` and wait for the answer; services hand their events to `events`. `resolve` raises
    InvocationError for an ARN of no function. Only once in a process at a time, for moto is there once.
    """
    loop = asyncio.get_running_loop()
    bells, deliveries, positions = Bells(loop), Deliveries(events, loop), Positions()
    replacements = ExitStack()
    replacements.enter_context(replaced(_replacements(bells, deliveries, positions, finder(resolve, loop))))
    pollers = Pollers(_pollers(functions, bells, deliveries, positions), bells)
    clock = keep_time(lambda: (*scheduler.entries(deliveries), *rules.entries(deliveries)), bells, now)
    tasks = (loop.create_task(pollers.run()), loop.create_task(clock))
    return Triggers(tasks, deliveries, replacements)


def _pollers(
    functions: Functions, bells: Bells, deliveries: Deliveries, positions: Positions
) -> dict[str, Run]:
    """What polls the sources of each service."""

    def poll_queue(mapping: EventSourceMapping) -> Coroutine[Any, Any, None]:
        return SqsPoller(mapping, functions, bells).run()

    def poll_stream(mapping: EventSourceMapping) -> Coroutine[Any, Any, None]:
        def tell(target_arn: str, event: object, sender: str) -> None:
            send_to(target_arn, event, sender, deliveries)

        return StreamPoller(mapping, functions, bells, positions, tell).run()

    return {"sqs": poll_queue, "dynamodb": poll_stream}


def _replacements(
    bells: Bells, deliveries: Deliveries, positions: Positions, is_function: Callable[[str], bool]
) -> list[Replacement]:
    """All that is put in the place of something of moto's."""
    schedules_changed = partial(bells.ring, SCHEDULES)
    return [
        *mappings.replacements(positions.start, partial(bells.ring, MAPPINGS)),
        *queue.replacements(bells.ring),
        *shard.replacements(bells.ring),
        *sns.replacements(deliveries),
        *s3.replacements(deliveries),
        *bucket_notifications.replacements(is_function),
        *patterns.replacements(),
        *event_entries.replacements(),
        *eventbridge.replacements(deliveries),
        *scheduler.replacements(schedules_changed),
        *rules.replacements(schedules_changed),
    ]
