"""Keeps a poller running for each event source mapping, as mappings come, change and go."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from toolchain.local.triggers.bells import Bells, rung_or_after
from toolchain.local.triggers.calls import logger
from toolchain.local.triggers.mappings import EventSourceMapping, enabled_mappings

# The bell that is rung when mappings change.
MAPPINGS = "event source mappings"

# In case they change behind our back: moto can be reset, or restored from a file.
_LONGEST_WAIT_SECONDS = 60.0
_PAUSE_AFTER_FAILURE_SECONDS = 1.0

type Run = Callable[[EventSourceMapping], Coroutine[Any, Any, None]]


class Pollers:
    """The pollers that run; `runs` has what polls a service's source, by the service's name in ARNs."""

    def __init__(self, runs: dict[str, Run], bells: Bells) -> None:
        self._runs = runs
        self._bells = bells
        self._running: dict[EventSourceMapping, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Start and stop pollers until cancelled; then stop them all."""
        with self._bells.listening(MAPPINGS) as bell:
            try:
                while True:
                    bell.clear()
                    await self._look()
                    await rung_or_after(bell, _LONGEST_WAIT_SECONDS)
            finally:
                await self._follow(set())

    async def _look(self) -> None:
        """Whatever fails, the next look is not far."""
        try:
            await self._follow(set(enabled_mappings()))
        except Exception:  # noqa: BLE001 - the boundary: nobody waits for pollers
            logger.exception("event source mappings could not be read")

    async def _follow(self, mappings: set[EventSourceMapping]) -> None:
        """A mapping that changed is another: its poller is stopped before the new one starts."""
        gone = [self._running.pop(mapping) for mapping in self._running.keys() - mappings]
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        for mapping in sorted(mappings - self._running.keys(), key=lambda mapping: mapping.uuid):
            if run := self._runs.get(mapping.source.service):
                self._running[mapping] = asyncio.create_task(_run_on(run, mapping))
            else:
                logger.warning("event sources of %s do not call functions locally", mapping.source.service)


async def _run_on(run: Run, mapping: EventSourceMapping) -> None:
    """A poller that fails, fails loudly, and begins again: what it did not finish is still in its source."""
    while True:
        try:
            await run(mapping)
        except Exception:  # noqa: BLE001 - the boundary: nobody waits for a poller
            logger.exception("%s %s: the poller failed", mapping.source.service, mapping.source.name)
        await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)
