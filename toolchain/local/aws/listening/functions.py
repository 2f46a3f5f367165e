"""Functions in moto: what changes them."""

from collections.abc import Iterator
from typing import Any

import moto.awslambda.responses  # noqa: F401  with it moto is corrected: what is told of, and how, comes after
from moto.awslambda.models import LambdaBackend
from moto.awslambda_simple.models import lambda_simple_backends

from toolchain.local.aws.listening.calls import place_of, told
from toolchain.local.aws.listening.protocol import Listener
from toolchain.local.place import Place
from toolchain.local.triggers.replacements import Replacement
from toolchain.local.workers.names import parse_name

_CHANGES = (
    *("publish_version", "update_function_code", "update_function_configuration"),
    *("create_alias", "update_alias", "delete_alias"),
    *("put_function_concurrency", "delete_function_concurrency"),
    *("put_function_event_invoke_config", "update_function_event_invoke_config"),
    "delete_function_event_invoke_config",
)


def replacements(listener: Listener) -> list[Replacement]:
    """Tell the listener of functions."""

    def created(backend: LambdaBackend, _: dict[str, Any], function: Any) -> None:  # noqa: ANN401  moto's type
        listener.function_changed(place_of(backend), function.function_name)

    def changed(backend: LambdaBackend, arguments: dict[str, Any], _: object) -> None:
        listener.function_changed(place_of(backend), parse_name(arguments["function_name"]).name)

    def deleted(backend: LambdaBackend, arguments: dict[str, Any], _: object) -> None:
        name = parse_name(arguments["function_name"], arguments.get("qualifier"))
        if name.qualifier is None:
            listener.function_deleted(place_of(backend), name.name)
        else:
            listener.function_changed(place_of(backend), name.name)

    return [
        told(LambdaBackend, "create_function", created),
        *(told(LambdaBackend, name, changed) for name in _CHANGES),
        told(LambdaBackend, "delete_function", deleted),
    ]


def existing() -> Iterator[tuple[Place, str]]:
    """The functions that there are."""
    for regions in list(lambda_simple_backends.values()):
        for backend in list(regions.values()):
            yield from ((place_of(backend), each.function_name) for each in backend.list_functions())
