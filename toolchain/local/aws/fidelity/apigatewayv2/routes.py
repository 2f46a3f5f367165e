"""Keys of routes of HTTP APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

import re
from functools import wraps
from typing import Any

from moto.apigatewayv2.exceptions import BadRequestException
from moto.apigatewayv2.models import ApiGatewayV2Backend, Route

from toolchain.local.aws.fidelity.apigatewayv2.references import ConflictError
from toolchain.manifest.routes import shape

_KEY = re.compile(r"\$default|(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) /\S*")


def correct() -> None:
    """Any text will do for a key, and any number of routes have the same."""
    create, update = ApiGatewayV2Backend.create_route, ApiGatewayV2Backend.update_route

    @wraps(create)
    def create_route(self: ApiGatewayV2Backend, api_id: str, *args: Any, **kwargs: Any) -> Route:  # noqa: ANN401  moto's own
        _check(self, api_id, kwargs.get("route_key"))
        return create(self, api_id, *args, **kwargs)

    @wraps(update)
    def update_route(self: ApiGatewayV2Backend, api_id: str, *args: Any, **kwargs: Any) -> Route:  # noqa: ANN401  the same
        _check(self, api_id, kwargs.get("route_key"), kwargs.get("route_id"))
        return update(self, api_id, *args, **kwargs)

    ApiGatewayV2Backend.create_route = create_route  # type: ignore[method-assign]
    ApiGatewayV2Backend.update_route = update_route  # type: ignore[method-assign]


def _check(backend: ApiGatewayV2Backend, api_id: str, key: str | None, route_id: str | None = None) -> None:
    """AWS's words are those that users report, as in https://github.com/plutomi/plutomi/issues/271 ."""
    if key is None or backend.get_api(api_id).protocol_type != "HTTP":
        return
    if not _KEY.fullmatch(key):
        raise BadRequestException(
            "The provided route key is not formatted properly for HTTP protocol. "
            'Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"'
        )
    for other in backend.get_routes(api_id):
        if other.route_id == route_id or shape(other.route_key) != shape(key):
            continue
        if other.route_key == key:
            raise ConflictError(f"Route with key {key} already exists for this API")
        raise ConflictError(
            f'The provided route key "{key}" has a conflicting variable on the same hierarchical level as '
            f'"{other.route_key}"'
        )
