"""Batches of items, cut so that they fit into an event."""

from collections.abc import Callable, Iterator, Sequence

from toolchain.local.payloads import EVENT_LIMIT_BYTES


def event_sized[Item](
    batch: Sequence[Item], size_of: Callable[[Item], int], limit: int = EVENT_LIMIT_BYTES
) -> Iterator[list[Item]]:
    """The batch in parts, each of which fits into one event. An item goes alone if it must."""
    part: list[Item] = []
    size = 0
    for item in batch:
        added = size_of(item)
        if part and size + added > limit:
            yield part
            part, size = [], 0
        part.append(item)
        size += added
    if part:
        yield part
