"""Log streams in moto, which keep their latest events: moto's keep all, in memory and in the saved state."""

from collections.abc import Iterable
from typing import Any

from moto.logs.models import LogGroup

_EVENTS_OF_A_STREAM = 10_000


def put_events(group: LogGroup, name: str, events: Iterable[dict[str, Any]]) -> None:
    """Put events as PutLogEvents has them into a stream of the group, which is made if it is not there."""
    if name not in group.streams:
        group.create_log_stream(name)
    stream = group.streams[name]
    stream.put_log_events(list(events))
    del stream.events[:-_EVENTS_OF_A_STREAM]
