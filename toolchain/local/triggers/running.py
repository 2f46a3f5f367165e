"""Starts and stops what calls functions: for queues, streams, topics, buckets, event buses and schedules."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from toolchain.local.invocation import EventFunctions, Functions
from toolchain.local.triggers import mappings
from toolchain.local.triggers.bells import Bells
from toolchain.local.triggers.calls import Deliveries
from toolchain.local.triggers.pollers import MAPPINGS, Pollers
from toolchain.local.triggers.replacements import replaced
from toolchain.local.triggers.schedules import rules, scheduler
from toolchain.local.triggers.schedules.clock import SCHEDULES, keep_time
from toolchain.local.triggers.services import eventbridge, s3, sns
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
    functions: Functions, events: EventFunctions, *, now: Callable[[], datetime] = _utc_now
) -> Triggers:
    """Have functions called by whatever exists in moto, now and later, whoever made it.

    Pollers call `functions` and wait for the answer; services hand their events to `events`. Only once in a
    process at a time, for moto is there once.
    """
    loop = asyncio.get_running_loop()
    bells = Bells(loop)
    deliveries = Deliveries(events, loop)
    positions = Positions()
    pollers = Pollers(
        {
            "sqs": lambda mapping: SqsPoller(mapping, functions, bells).run(),
            "dynamodb": lambda mapping: StreamPoller(
                *(mapping, functions, bells, positions),
                lambda target, event, sender: send_to(target, event, sender, deliveries),
            ).run(),
        },
        bells,
    )
    replacements = ExitStack()
    schedules_changed = partial(bells.ring, SCHEDULES)
    replacements.enter_context(
        replaced(
            [
                *mappings.replacements(positions.start, partial(bells.ring, MAPPINGS)),
                *queue.replacements(bells.ring),
                *shard.replacements(bells.ring),
                *sns.replacements(deliveries),
                *s3.replacements(deliveries),
                *eventbridge.replacements(deliveries),
                *scheduler.replacements(schedules_changed),
                *rules.replacements(schedules_changed),
            ]
        )
    )
    clock = keep_time(lambda: (*scheduler.entries(deliveries), *rules.entries(deliveries)), bells, now)
    tasks = (loop.create_task(pollers.run()), loop.create_task(clock))
    return Triggers(tasks, deliveries, replacements)
