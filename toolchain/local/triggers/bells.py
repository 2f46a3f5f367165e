"""Bells that wake whoever waits for a queue or a stream. moto's threads ring, the event loop's tasks wait."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Bells:
    """A bell for each listener; a name has any number of listeners."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._listeners: dict[str, list[asyncio.Event]] = {}

    @contextmanager
    def listening(self, name: str) -> Iterator[asyncio.Event]:
        """An event that is set each time the name is rung. The listener clears it."""
        event = asyncio.Event()
        self._listeners.setdefault(name, []).append(event)
        try:
            yield event
        finally:
            self._listeners[name].remove(event)

    def ring(self, name: str) -> None:
        """Wake the name's listeners; called from any thread."""
        if not self._listeners.get(name):
            return
        with suppress(RuntimeError):  # the loop has closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._ring, name)

    def _ring(self, name: str) -> None:
        for event in self._listeners.get(name, ()):
            event.set()


async def rung_or_after(event: asyncio.Event, seconds: float) -> None:
    """Wait for a bell, but no longer than that."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
