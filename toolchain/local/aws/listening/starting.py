"""Begins to listen, and tells of what was there before."""

from collections.abc import Iterator
from contextlib import contextmanager

from toolchain.local.aws.listening import apis, databases, functions
from toolchain.local.aws.listening.protocol import Listener
from toolchain.local.triggers.replacements import replaced


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell the listener of every change until the block is left. Once in a process at a time, as moto is."""
    parts = (functions, apis, databases)
    with replaced([each for part in parts for each in part.replacements(listener)]):
        yield


def tell_all(listener: Listener) -> None:
    """Tell of all that exists, as if it were made now: what was saved before a restart."""
    for database in databases.existing():
        listener.database_created(database)
    for place, name in functions.existing():
        listener.function_changed(place, name)
    for place, api_id in apis.existing():
        listener.api_changed(place, api_id)
