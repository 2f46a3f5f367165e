"""Starts MariaDB again when it was killed, or ran out of memory: `up` would be of no use without it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from toolchain.errors import ToolchainError
from toolchain.local.mariadb import DatabaseServer, revive_server
from toolchain.local.up.beside import beside
from toolchain.project import Project

_LOOK_SECONDS = 0.25
_AFTER_FAILURE_SECONDS = 5.0


@contextlib.asynccontextmanager
async def upkeep(
    project: Project, database: DatabaseServer, say: Callable[[str], None]
) -> AsyncIterator[None]:
    """Look after the server until the block is left; `say` tells when it had to be started."""
    async with beside(_look_after(project, database, say)):
        yield


async def _look_after(project: Project, database: DatabaseServer, say: Callable[[str], None]) -> None:
    while True:
        pause = _LOOK_SECONDS
        try:
            if await asyncio.to_thread(revive_server, project, database, say):
                say("MariaDB had ended; it was started again")
        except (ToolchainError, OSError) as error:
            say(f"MariaDB has ended, and can't be started again: {error}")
            pause = _AFTER_FAILURE_SECONDS
        await asyncio.sleep(pause)
