"""Enters a context in a thread while its own does something else.

database = Meanwhile(migrated_database(project))
try:
    from ... import ...  # a second of work
    with database as server: ...
finally:
    database.close()
"""

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType


class Meanwhile[T](AbstractContextManager[T]):
    """The same context, on its way from now on. It is left where this one is, or with `close`."""

    def __init__(self, context: AbstractContextManager[T]) -> None:
        self._stack = ExitStack()
        with_one_thread = ThreadPoolExecutor(1)
        self._entering = with_one_thread.submit(self._stack.enter_context, context)
        with_one_thread.shutdown(wait=False)

    def __enter__(self) -> T:
        """Raises what entering the context has raised."""
        return self._entering.result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the context, once it is entered, unless that is done: for whoever may not enter this."""
        wait([self._entering])
        self._stack.close()
