"""How long requests may wait for their functions: asyncio.timeout for all of them, with one timer.

with patience.limited():
    await ...  # TimeoutError when it takes too long
"""

import asyncio
from types import TracebackType

from toolchain.local.deadlines import Deadlines


class Patience:
    """The same limit for everybody."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._deadlines: Deadlines[_Limit] | None = None

    def limited(self) -> "_Limit":
        """A context for one task to wait in. Of a running event loop."""
        loop = asyncio.get_running_loop()
        if self._deadlines is None or loop is not self._loop:
            self._loop, self._deadlines = loop, Deadlines(loop)
        return _Limit(self._deadlines, self._seconds)


class _Limit:
    """Cancels its task when the time is over, and makes a TimeoutError of that.

    As asyncio.timeout does, it leaves a cancellation that somebody else asked for alone.
    """

    def __init__(self, deadlines: "Deadlines[_Limit]", seconds: float) -> None:
        self._deadlines = deadlines
        self._seconds = seconds
        self._is_over = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("only a task can wait")
        self._task = task
        self._cancelling = task.cancelling()
        self._deadlines.set(self, self._seconds, _Limit._end)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._deadlines.lift(self)
        if self._is_over and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _end(self) -> None:
        self._is_over = True
        self._task.cancel()
