"""Processes that prepare wheels, one for each processor."""

import os
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from toolchain.errors import BuildError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

type Work = Callable[..., tuple[str, ...]]
"""What a process is to do; returns what is wrong with what it was given."""


class Workers:
    """Starts processes when there is work for more than one, and ends them with the block."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown()

    def run(self, work: Work, arguments: Sequence[tuple[Any, ...]]) -> None:
        """Do the work for each of the arguments. Raises BuildError with everything that is wrong."""
        alone = len(arguments) == 1
        problems = [work(*arguments[0])] if alone else self._run_in_parallel(work, arguments)
        if any(problems):
            raise BuildError(problem for found in problems for problem in found)

    def _run_in_parallel(self, work: Work, arguments: Sequence[tuple[Any, ...]]) -> list[tuple[str, ...]]:
        from concurrent.futures import ProcessPoolExecutor  # 10 ms, and only new wheels need it
        from concurrent.futures.process import BrokenProcessPool

        if self._pool is None:
            self._pool = ProcessPoolExecutor(os.process_cpu_count() or 1, initializer=_end_with_parent)
        try:
            return list(self._pool.map(work, *zip(*arguments, strict=True)))
        except BrokenProcessPool as error:
            raise BuildError(
                "a process that compiled wheels was killed, as happens when memory runs out; build again"
            ) from error


def _end_with_parent() -> None:
    """Let this worker end when the build is killed: it would wait for work forever, holding dist/'s lock."""
    from multiprocessing import parent_process

    def wait() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
