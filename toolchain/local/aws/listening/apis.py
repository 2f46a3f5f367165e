"""HTTP APIs in moto: what changes them, and where they are."""

from collections.abc import Iterator, Mapping
from typing import Any

import moto.apigatewayv2.responses  # noqa: F401  with it moto is corrected: what is told of, and how, comes after
from moto.apigatewayv2.models import Api, ApiGatewayV2Backend, apigatewayv2_backends

from toolchain.local.aws.listening.api_trials import changed_by
from toolchain.local.aws.listening.calls import Ask, place_of, told
from toolchain.local.aws.listening.protocol import Guard, Listener
from toolchain.local.place import Place
from toolchain.local.triggers.replacements import Replacement

_CHANGES = (
    *("update_api", "reimport_api", "delete_cors_configuration"),
    *("create_route", "update_route", "delete_route", "delete_route_request_parameter"),
    *("create_integration", "update_integration", "delete_integration"),
    *("create_authorizer", "update_authorizer", "delete_authorizer"),
    *("create_stage", "update_stage", "delete_stage"),
)
# Of them, those after which a route may be another.
_OF_ROUTES = ("create_route", "update_route", "update_integration", "update_authorizer", "reimport_api")


def replacements(listener: Listener, guard: Guard | None = None) -> list[Replacement]:
    """Tell the listener of APIs, and clients the address that it gives them; the guard is asked about new
    APIs and about routes.
    """
    asked = _asked(guard) if guard else {}

    def created(backend: ApiGatewayV2Backend, _: dict[str, Any], api: Api) -> None:
        listener.api_changed(place_of(backend), api.api_id)

    def changed(backend: ApiGatewayV2Backend, arguments: dict[str, Any], _: object) -> None:
        listener.api_changed(place_of(backend), arguments["api_id"])

    def deleted(backend: ApiGatewayV2Backend, arguments: dict[str, Any], _: object) -> None:
        listener.api_deleted(place_of(backend), arguments["api_id"])

    return [
        told(ApiGatewayV2Backend, "create_api", created, asked.get("create_api")),
        *(told(ApiGatewayV2Backend, name, changed, asked.get(name)) for name in _CHANGES),
        told(ApiGatewayV2Backend, "delete_api", deleted),
        Replacement(Api, "api_endpoint", _endpoint(listener)),
    ]


def existing() -> Iterator[tuple[Place, str]]:
    """The APIs that there are."""
    for regions in list(apigatewayv2_backends.values()):
        for backend in list(regions.values()):
            yield from ((place_of(backend), api_id) for api_id in list(backend.apis))


def _asked(guard: Guard) -> Mapping[str, Ask]:
    """By method of moto's."""

    def check_api(_: ApiGatewayV2Backend, arguments: dict[str, Any]) -> None:
        guard.check_api(arguments["name"], arguments["protocol_type"])

    def check_routes_after(name: str) -> Ask:
        method = getattr(ApiGatewayV2Backend, name)

        def check_routes(backend: ApiGatewayV2Backend, arguments: dict[str, Any]) -> None:
            changed = changed_by(method, backend, arguments)
            guard.check_routes(place_of(backend), arguments["api_id"], changed)

        return check_routes

    return {"create_api": check_api, **{name: check_routes_after(name) for name in _OF_ROUTES}}


def _endpoint(listener: Listener) -> property:
    """AWS's address stays noted in the object, and is back when the listener is gone."""

    def read(api: Api) -> str:
        on_aws: str = vars(api)["api_endpoint"]
        return listener.api_url(place_of(api.backend), api.api_id) or on_aws

    def note(api: Api, value: str) -> None:
        vars(api)["api_endpoint"] = value

    return property(read, note)
