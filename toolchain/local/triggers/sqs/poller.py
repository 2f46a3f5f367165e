"""Takes messages from a queue and calls a function with batches of them, for one event source mapping."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from moto.sqs.models import Queue

from toolchain.local.invocation import Functions, InvocationError
from toolchain.local.triggers.batches import event_sized
from toolchain.local.triggers.bells import Bells, rung_or_after
from toolchain.local.triggers.calls import call_when_free, logger
from toolchain.local.triggers.filters import passes
from toolchain.local.triggers.item_failures import failed_items
from toolchain.local.triggers.mappings import EventSourceMapping
from toolchain.local.triggers.sqs import queue as queues
from toolchain.local.triggers.sqs.messages import Message, record

# Lambda starts with five batches at a time, and has more when a queue is full for long.
_BATCHES_AT_ONCE = 5
# In case a queue is deleted and made again, or a client shows a message sooner.
_LONGEST_WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class SqsPoller:
    """The poller of a mapping; `run` ends when it is cancelled."""

    mapping: EventSourceMapping
    functions: Functions
    bells: Bells

    async def run(self) -> None:
        slots = asyncio.Semaphore(self.mapping.maximum_concurrency or _BATCHES_AT_ONCE)
        with self.bells.listening(self.mapping.source.arn) as bell:
            async with asyncio.TaskGroup() as batches:
                while True:
                    await slots.acquire()
                    batch = await self._next_batch(bell)
                    task = batches.create_task(self._process(batch))
                    task.add_done_callback(lambda _: slots.release())

    async def _next_batch(self, bell: asyncio.Event) -> list[Message]:
        """At least one message: what is there, or what arrives within the batching window."""
        batch = await self._wait_for(bell, self.mapping.batch_size, None)
        loop = asyncio.get_running_loop()
        end = loop.time() + self.mapping.window_seconds
        while len(batch) < self.mapping.batch_size and loop.time() < end:
            room = self.mapping.batch_size - len(batch)
            batch += await self._wait_for(bell, room, end)
        return batch

    async def _wait_for(self, bell: asyncio.Event, limit: int, end: float | None) -> list[Message]:
        """Up to a number of messages, and at least one, unless the end comes first."""
        loop = asyncio.get_running_loop()
        while True:
            bell.clear()
            queue = queues.find_queue(self.mapping.source)
            if queue and (taken := queues.take(queue, limit)):
                return taken
            wait = _LONGEST_WAIT_SECONDS
            if queue and (hidden := queues.seconds_until_visible(queue)) is not None:
                wait = min(wait, hidden)
            if end is not None:
                wait = min(wait, end - loop.time())
                if wait <= 0:
                    return []
            await rung_or_after(bell, wait)

    async def _process(self, batch: Sequence[Message]) -> None:
        queue = queues.find_queue(self.mapping.source)
        if queue is None:
            return
        passing = [message for message in batch if self._passes(message)]
        queues.delete(queue, {message.id for message in batch} - {message.id for message in passing})
        for part in event_sized(passing, lambda message: message.size):
            failed = await self._failures(queue, part)
            queues.delete(queue, {message.id for message in part} - failed)
            if failed:
                self._report(queue, len(failed), len(part))
        self.bells.ring(self.mapping.source.arn)  # the next message of a FIFO queue's group may go

    def _passes(self, message: Message) -> bool:
        """Lambda deletes what the mapping's filters hold back."""
        if not self.mapping.filters:
            return True
        return passes(self.mapping.filters, record(message, self.mapping.source.arn), "body")

    async def _failures(self, queue: Queue, batch: Sequence[Message]) -> frozenset[str]:
        """The ids of the messages that were not processed."""
        ids = frozenset(message.id for message in batch)
        records = [record(message, self.mapping.source.arn) for message in batch]
        patience: int = queue.visibility_timeout  # type: ignore[attr-defined]
        try:
            invocation = await call_when_free(
                self.functions, self.mapping.function, orjson.dumps({"Records": records}), patience
            )
        except InvocationError as error:
            logger.warning("queue %s: %s is not called: %s", queue.name, self.mapping.function, error)
            return ids
        if invocation.error:
            return ids
        return failed_items(invocation.payload, ids) if self.mapping.reports_item_failures else frozenset()

    def _report(self, queue: Queue, failed: int, sent: int) -> None:
        logger.warning(
            "queue %s: %s failed at %d of %d messages, which return after the visibility timeout of %s s",
            *(queue.name, self.mapping.function, failed, sent, queue.visibility_timeout),  # type: ignore[attr-defined]
        )
