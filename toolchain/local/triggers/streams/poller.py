"""Reads a table's stream and calls a function with batches of changes, for one event source mapping."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from moto.dynamodb.models.table import StreamShard

from toolchain.local.invocation import Functions, Invocation, InvocationError
from toolchain.local.triggers.batches import event_sized
from toolchain.local.triggers.bells import Bells, rung_or_after
from toolchain.local.triggers.calls import call_when_free, logger
from toolchain.local.triggers.filters import passes
from toolchain.local.triggers.item_failures import failed_items
from toolchain.local.triggers.mappings import EventSourceMapping
from toolchain.local.triggers.streams import shard as shards
from toolchain.local.triggers.streams.records import GivenUp, Record, on_failure_message

_LONGEST_WAIT_SECONDS = 20.0
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 10.0
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class StreamPoller:
    """The reader of a mapping; `run` ends when it is cancelled.

    One batch at a time: a shard's records are processed in order, and a batch that fails holds up the rest.
    """

    mapping: EventSourceMapping
    functions: Functions
    bells: Bells
    positions: shards.Positions
    send_on_failure: Callable[[str, object, str], None]

    async def run(self) -> None:
        with self.bells.listening(self.mapping.source.arn) as bell:
            while True:
                shard, records = await self._next_batch(bell)
                passing = [record for record in records if self._passes(record)]
                for part in event_sized(passing, lambda record: len(orjson.dumps(record.event))):
                    await self._process(shard.id, part)
                self.positions.advance(self.mapping.uuid, records[-1].number + 1)

    async def _next_batch(self, bell: asyncio.Event) -> tuple[StreamShard, list[Record]]:
        """At least one record; as many as arrive within the batching window, if there is one."""
        loop = asyncio.get_running_loop()
        end: float | None = None
        while True:
            bell.clear()
            wait = _LONGEST_WAIT_SECONDS
            shard = shards.find_shard(self.mapping.source)
            if shard and (records := self._read(shard)):
                end = end or loop.time() + self.mapping.window_seconds
                wait = end - loop.time()
                if len(records) == self.mapping.batch_size or wait <= 0:
                    return shard, records
            await rung_or_after(bell, wait)

    def _read(self, shard: StreamShard) -> list[Record]:
        number = self.positions.get(self.mapping.uuid, shard)
        return shards.read(shard, number, self.mapping.batch_size, self.mapping.source)

    def _passes(self, record: Record) -> bool:
        return not self.mapping.filters or passes(self.mapping.filters, record.event)

    async def _process(self, shard_id: str, records: Sequence[Record]) -> None:
        """Call until all records are done, or given up."""
        calls, pause = 0, _FIRST_PAUSE_SECONDS
        while records:
            invocation = await self._call(records)
            calls += 1
            done = self._done(records, invocation)
            records = records[done:]
            if not records:
                return
            if done:
                calls, pause = 0, _FIRST_PAUSE_SECONDS
            elif self.mapping.bisects and len(records) > 1:
                middle = len(records) // 2
                await self._process(shard_id, records[:middle])
                records, calls = records[middle:], 0
                continue
            if condition := self._condition(records, calls):
                self._give_up(shard_id, records, condition, calls, invocation)
                return
            logger.warning(
                "table %s: %s failed at %d changes, which are tried again in %s s",
                *(self.mapping.source.name, self.mapping.function, len(records), pause),
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _call(self, records: Sequence[Record]) -> Invocation | None:
        payload = orjson.dumps({"Records": [record.event for record in records]})
        try:
            return await call_when_free(self.functions, self.mapping.function, payload, _PATIENCE_SECONDS)
        except InvocationError as error:
            logger.warning(
                "table %s: %s is not called: %s", self.mapping.source.name, self.mapping.function, error
            )
            return None

    def _done(self, records: Sequence[Record], invocation: Invocation | None) -> int:
        """How many of the records, from the first on, need not be sent again."""
        if invocation is None or invocation.error:
            return 0
        if not self.mapping.reports_item_failures:
            return len(records)
        failed = failed_items(invocation.payload, [str(record.number) for record in records])
        indices = (index for index, record in enumerate(records) if str(record.number) in failed)
        return next(indices, len(records))

    def _condition(self, records: Sequence[Record], calls: int) -> str | None:
        """Why the records are given up, if they are."""
        retries, seconds = self.mapping.maximum_retries, self.mapping.maximum_age_seconds
        if retries is not None and calls > retries:
            return "RetryAttemptsExhausted"
        if seconds is not None and datetime.now(UTC) - records[0].created > timedelta(seconds=seconds):
            return "RecordAgeExceeded"
        return None

    def _give_up(
        self, shard_id: str, records: Sequence[Record], condition: str, calls: int, last: Invocation | None
    ) -> None:
        name = f"table {self.mapping.source.name}"
        logger.warning("%s: %d changes are given up: %s", name, len(records), condition)
        if self.mapping.on_failure:
            given_up = GivenUp(
                self.mapping.function, self.mapping.source.arn, shard_id, records, condition, calls, last
            )
            message = on_failure_message(given_up, datetime.now(UTC))
            self.send_on_failure(self.mapping.on_failure, message, name)
