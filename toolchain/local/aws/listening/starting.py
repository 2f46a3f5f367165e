"""Begins to listen, and tells of what was there before."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from toolchain.local.aws.fidelity.later import when_imported
from toolchain.local.aws.listening import apis, functions
from toolchain.local.aws.listening.protocol import Guard, Listener
from toolchain.local.triggers.replacements import replaced

_RDS = "moto.rds.models"


@contextmanager
def listening(listener: Listener, guard: Guard | None = None) -> Iterator[None]:
    """Tell the listener of every change until the block is left, and ask the guard before, if there is one.

    Once in a process at a time, as moto is.
    """
    with (
        replaced([each for part in (functions, apis) for each in part.replacements(listener, guard)]),
        _listening_to_databases(listener),
    ):
        yield


def tell_all(listener: Listener) -> None:
    """Tell of all that exists, as if it were made now: what was saved before a restart."""
    if _RDS in sys.modules:
        from toolchain.local.aws.listening import databases

        for database in databases.existing():
            listener.database_created(database)
    for place, name in functions.existing():
        listener.function_changed(place, name)
    for place, api_id in apis.existing():
        listener.api_changed(place, api_id)


@contextmanager
def _listening_to_databases(listener: Listener) -> Iterator[None]:
    """From when moto's RDS is loaded, which takes a while: with the first request for it."""
    with ExitStack() as stack:
        is_over = False

        def begin() -> None:
            from toolchain.local.aws.listening import databases

            if not is_over:
                stack.enter_context(replaced(databases.replacements(listener)))

        when_imported(_RDS, begin)
        try:
            yield
        finally:
            is_over = True
