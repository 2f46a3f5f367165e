"""Finds the edits that no request would: a new function, what else is to call one, a new migration."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from toolchain.local.up.beside import beside

_LOOK_SECONDS = 1.0

type Look = Callable[[], Awaitable[None]]


@contextlib.asynccontextmanager
async def looking(look: Look | None) -> AsyncIterator[None]:
    """Look now and then, until the block is left; not at all without `look`."""
    if look is None:
        yield
        return
    async with beside(_look_on(look)):
        yield


async def _look_on(look: Look) -> None:
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        with contextlib.suppress(OSError):  # a folder that goes while it is listed; the next look is soon
            await look()
