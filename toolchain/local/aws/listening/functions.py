"""Functions in moto: what changes them."""

from collections.abc import Iterator, Mapping
from typing import Any

import moto.awslambda.responses  # noqa: F401  with it moto is corrected: what is told of, and how, comes after
from moto.awslambda.models import LambdaBackend
from moto.awslambda_simple.models import lambda_simple_backends

from toolchain.local.aws.listening.calls import Ask, place_of, told
from toolchain.local.aws.listening.protocol import Guard, Listener
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


def replacements(listener: Listener, guard: Guard | None = None) -> list[Replacement]:
    """Tell the listener of functions, and ask the guard about new ones and about aliases."""
    asked = _asked(guard) if guard else {}

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
        told(LambdaBackend, "create_function", created, asked.get("create_function")),
        *(told(LambdaBackend, name, changed, asked.get(name)) for name in _CHANGES),
        told(LambdaBackend, "delete_function", deleted),
    ]


def _asked(guard: Guard) -> Mapping[str, Ask]:
    """By method of moto's."""

    def check_function(backend: LambdaBackend, arguments: dict[str, Any]) -> None:
        spec = arguments["spec"]
        guard.check_function(place_of(backend), spec["FunctionName"], spec.get("Tags") or {})

    def check_alias(backend: LambdaBackend, arguments: dict[str, Any]) -> None:
        function = parse_name(arguments["function_name"]).name
        weights = (arguments.get("routing_config") or {}).get("AdditionalVersionWeights") or {}
        guard.check_alias(place_of(backend), function, arguments["name"], weights)

    return {"create_function": check_function, "create_alias": check_alias, "update_alias": check_alias}


def existing() -> Iterator[tuple[Place, str]]:
    """The functions that there are."""
    for regions in list(lambda_simple_backends.values()):
        for backend in list(regions.values()):
            yield from ((place_of(backend), each.function_name) for each in backend.list_functions())
