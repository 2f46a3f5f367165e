"""Ends instances that take more memory than their function has.

How much an instance had at most it tells with each answer; that comes too late for one that takes all of
the machine's. So busy ones are looked at meanwhile, where the system tells (Linux).
"""

import asyncio
import resource
from typing import Protocol

_INTERVAL_SECONDS = 0.05
_PAGE_BYTES = resource.getpagesize()


def resident_kb(pid: int) -> int:
    """What a process has in memory now; 0 if it is gone, or the system does not tell."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123 - runs often
            return int(file.read().split()[1]) * _PAGE_BYTES // 1024
    except (OSError, IndexError):
        return 0


class Watched(Protocol):
    """An instance that is busy."""

    def look_at_memory(self) -> None: ...


class MemoryGuard:
    """Has busy instances look at their memory every 50 ms; does nothing while none is busy."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._busy: set[Watched] = set()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, instance: Watched) -> None:
        self._busy.add(instance)
        if self._timer is None:
            self._timer = self._loop.call_later(_INTERVAL_SECONDS, self._tick)

    def ignore(self, instance: Watched) -> None:
        self._busy.discard(instance)

    def _tick(self) -> None:
        self._timer = None
        for instance in tuple(self._busy):
            instance.look_at_memory()
        if self._busy:
            self._timer = self._loop.call_later(_INTERVAL_SECONDS, self._tick)
