"""moto's streams: one shard for each table, a list of all changes."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from moto.awslambda.models import EventSourceMapping as MotoMapping
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamShard, Table

from toolchain.local.triggers.mappings import Source, find_mapping
from toolchain.local.triggers.replacements import Replacement, no_mappings_of_its_own
from toolchain.local.triggers.streams.records import Record, parse_record

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
_RETENTION = timedelta(hours=24)
_NEXT = "next_record"


class Positions:
    """The number of the next record to read, for each event source mapping.

    Kept at moto's own mappings: where its state is saved, a restart goes on where reading stopped.
    """

    def start(self, mapping: MotoMapping) -> None:
        """Remember where a new mapping starts, at once: LATEST is when it was made, not when it is polled."""
        shard = find_shard(Source(mapping.event_source_arn))
        if shard and mapping.starting_position == "LATEST":
            vars(mapping)[_NEXT] = shard.starting_sequence_number + len(shard.items)

    def get(self, uuid: str, shard: StreamShard) -> int:
        """At least the oldest record that is kept."""
        mapping = find_mapping(uuid)
        return max(vars(mapping).get(_NEXT, 0) if mapping else 0, shard.starting_sequence_number)

    def advance(self, uuid: str, number: int) -> None:
        if mapping := find_mapping(uuid):
            vars(mapping)[_NEXT] = number


def find_shard(source: Source) -> StreamShard | None:
    """The shard of a stream's ARN; None if the table has another stream now, or none."""
    if source.service != "dynamodb":
        return None
    table = dynamodb_backends[source.account_id][source.region].tables.get(source.name)
    if table is None or not source.arn.endswith(f"/stream/{table.latest_stream_label}"):
        return None
    return table.stream_shard


def read(shard: StreamShard, number: int, limit: int, source: Source) -> list[Record]:
    """Records from a number on."""
    start = number - shard.starting_sequence_number
    return [parse_record(item.to_json(), source.arn) for item in shard.items[start : start + limit]]


def replacements(ring: Callable[[str], None]) -> list[Replacement]:
    """Ring, with the stream's ARN, when there is a change; and keep moto from calling functions itself."""
    add = StreamShard.add
    lock = threading.Lock()  # numbers are counted

    def add_change(shard: StreamShard, old: Item | None, new: Item | None) -> None:
        table = shard.table
        is_change = old is None or new is None or old.to_json() != new.to_json()
        if not is_change or not (table.stream_specification or {}).get("StreamEnabled"):
            return  # a write that leaves an item as it is has no record
        with lock:
            _forget_old(shard, datetime.now(UTC) - _RETENTION)
            add(shard, old, new)
        ring(f"{table.table_arn}/stream/{table.latest_stream_label}")

    return [Replacement(StreamShard, "add", add_change), no_mappings_of_its_own(Table)]


def _forget_old(shard: StreamShard, before: datetime) -> None:
    old = 0
    for item in shard.items:
        if item.record["dynamodb"]["ApproximateCreationDateTime"].replace(tzinfo=UTC) > before:
            break
        old += 1
    del shard.items[:old]
    shard.starting_sequence_number += old
