"""From threads of the AWS endpoint into the event loop, where functions and APIs live."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

_PATIENCE_SECONDS = 30.0


def await_in[Result](loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns that runs in another thread's loop. Raises TimeoutError when that hangs."""
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result(_PATIENCE_SECONDS)


def call_in[Result](loop: asyncio.AbstractEventLoop, function: Callable[[], Result]) -> Result:
    """What a function returns that is called in another thread's loop."""

    async def call() -> Result:
        return function()

    return await_in(loop, call())
