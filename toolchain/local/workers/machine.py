"""What all pools share."""

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolchain.local.deadlines import Deadlines
from toolchain.local.workers.freshness import Watch
from toolchain.local.workers.logs import LogStore
from toolchain.local.workers.memory import MemoryGuard
from toolchain.local.workers.notices import Notices
from toolchain.local.workers.nursery import CAN_FORK, Nursery

type Failed = Callable[[str, bytes], None]
"""Takes the name of a function that has failed, and its error as JSON (toolchain.local.invocation)."""


def _ignore(_function: str, _error: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a function may take of this machine, where it does not limit itself.

    `queue_seconds` is how long a request waits for one of `instances` to be free.
    """

    instances: int = 16
    queue_seconds: float = 10.0
    idle_seconds: float = 300.0
    init_seconds: float = 10.0
    processors: int = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Machine:
    """Processes, logs and clocks: `clock` in seconds since the epoch, `ticks` since some moment."""

    loop: asyncio.AbstractEventLoop
    nursery: Nursery
    logs: LogStore
    watch: Watch
    memory: MemoryGuard
    deadlines: Deadlines[Any]
    limits: Limits
    clock: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.perf_counter
    failed: Failed = _ignore


def this_machine(
    logs: Path, limits: Limits | None = None, *, fork: bool = CAN_FORK, failed: Failed = _ignore
) -> Machine:
    """In the running event loop; logs are written to a directory, and `failed` is told of failures."""
    loop = asyncio.get_running_loop()
    return Machine(
        loop,
        Nursery(loop, fork=fork),
        LogStore(logs, loop),
        Watch(loop.call_soon, Notices.open()),
        MemoryGuard(loop),
        Deadlines(loop),
        limits or Limits(),
        failed=failed,
    )
