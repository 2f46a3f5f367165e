"""Puts methods of ours in the place of moto's, and moto's back when the local cloud stops.

moto's services are objects in this process. What they do when something is sent, put or published is where
triggers begin, whoever asked for it: boto3, Terraform, another service.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any


@dataclass(frozen=True, slots=True)
class Replacement:
    """An attribute of a class or a module, and what it is to be instead."""

    owner: object
    name: str
    value: object


@contextmanager
def replaced(replacements: Sequence[Replacement]) -> Iterator[None]:
    """All replacements are in place within the context, and undone after it."""
    with ExitStack() as undo:
        for replacement in replacements:
            undo.enter_context(_replaced(replacement))
        yield


def followed(owner: type, names: Sequence[str], callback: Callable[[], None]) -> list[Replacement]:
    """The methods as they are, followed by a call."""
    return [Replacement(owner, name, _followed(getattr(owner, name), callback)) for name in names]


def no_mappings_of_its_own(owner: type) -> Replacement:
    """moto notes event source mappings on queues and tables, and calls functions from within a send or a put.

    Pollers do that here. What moto notes stays, but when it looks, there are none.
    """
    name = "lambda_event_source_mappings"
    return Replacement(
        owner, name, property(lambda _: {}, lambda noted, value: vars(noted).__setitem__(name, value))
    )


@contextmanager
def _replaced(replacement: Replacement) -> Iterator[None]:
    before = vars(replacement.owner).get(replacement.name, _ABSENT)
    setattr(replacement.owner, replacement.name, replacement.value)
    try:
        yield
    finally:
        if before is _ABSENT:
            delattr(replacement.owner, replacement.name)
        else:
            setattr(replacement.owner, replacement.name, before)


_ABSENT = object()


def _followed(method: Callable[..., Any], callback: Callable[[], None]) -> Callable[..., Any]:
    @wraps(method)
    def method_and_callback(*args: object, **kwargs: object) -> object:
        try:
            return method(*args, **kwargs)
        finally:
            callback()

    return method_and_callback
