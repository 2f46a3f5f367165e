"""Methods of moto's backends, followed by what a listener is told."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from toolchain.local.place import Place
from toolchain.local.triggers.replacements import Replacement

type Tell = Callable[[Any, dict[str, Any], Any], None]
"""Gets the backend, the call's arguments by name, and its result."""

type Ask = Callable[[Any, dict[str, Any]], None]
"""Gets the backend and the call's arguments by name; what it raises keeps the call from being made."""


def told(owner: type, name: str, tell: Tell, ask: Ask | None = None) -> Replacement:
    """The method as it is, after `ask`; where it raises nothing, `tell` follows."""
    method = getattr(owner, name)
    signature = inspect.signature(method)

    @wraps(method)
    def method_and_tell(backend: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  moto's own types
        arguments = signature.bind(backend, *args, **kwargs).arguments
        if ask:
            ask(backend, arguments)
        result = method(backend, *args, **kwargs)
        tell(backend, arguments, result)
        return result

    return Replacement(owner, name, method_and_tell)


def place_of(backend: Any) -> Place:  # noqa: ANN401  any of moto's backends
    """The account and region of a backend."""
    return Place(backend.account_id, backend.region_name)
