"""Batches of items, cut so that they fit into an event."""

from collections.abc import Callable, Iterator, Sequence

# The largest event of a synchronous call.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_LARGEST_EVENT_BYTES = 6 * 1024 * 1024


def event_sized[Item](
    batch: Sequence[Item], size_of: Callable[[Item], int], limit: int = _LARGEST_EVENT_BYTES
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
