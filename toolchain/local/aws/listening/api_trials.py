"""What an API would be after a change: the change is made to a copy."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from moto.apigatewayv2.models import ApiGatewayV2Backend

_PARTS = ("authorizers", "integrations", "models", "routes", "stages")


def changed_by(
    method: Callable[..., object], backend: ApiGatewayV2Backend, arguments: Mapping[str, Any]
) -> ApiGatewayV2Backend:
    """A backend with this API alone, after a method of ApiGatewayV2Backend. Raises what the method raises."""
    given = {name: value for name, value in arguments.items() if name != "self"}
    api = _copied(backend.get_api(given["api_id"]))
    for name in _PARTS:
        setattr(api, name, {key: _copied(part) for key, part in getattr(api, name).items()})
    trial: ApiGatewayV2Backend = _copied(backend)
    trial.apis = {api.api_id: api}
    method(trial, **copy.deepcopy(given))
    return trial


def _copied(moto: Any) -> Any:  # noqa: ANN401  any of moto's classes
    """A copy of the object, not of what it holds; moto keeps each one that is made in the usual way."""
    made = object.__new__(type(moto))
    vars(made).update(vars(moto))
    return made
