"""HTTP APIs in moto: what changes them, and where they are."""

from collections.abc import Iterator
from typing import Any

import moto.apigatewayv2.responses  # noqa: F401  with it moto is corrected: what is told of, and how, comes after
from moto.apigatewayv2.models import Api, ApiGatewayV2Backend, apigatewayv2_backends

from toolchain.local.aws.listening.calls import place_of, told
from toolchain.local.aws.listening.protocol import Listener
from toolchain.local.place import Place
from toolchain.local.triggers.replacements import Replacement

_CHANGES = (
    *("update_api", "reimport_api", "delete_cors_configuration"),
    *("create_route", "update_route", "delete_route", "delete_route_request_parameter"),
    *("create_integration", "update_integration", "delete_integration"),
    *("create_authorizer", "update_authorizer", "delete_authorizer"),
    *("create_stage", "update_stage", "delete_stage"),
)


def replacements(listener: Listener) -> list[Replacement]:
    """Tell the listener of APIs, and clients the address that it gives them."""

    def created(backend: ApiGatewayV2Backend, _: dict[str, Any], api: Api) -> None:
        listener.api_changed(place_of(backend), api.api_id)

    def changed(backend: ApiGatewayV2Backend, arguments: dict[str, Any], _: object) -> None:
        listener.api_changed(place_of(backend), arguments["api_id"])

    def deleted(backend: ApiGatewayV2Backend, arguments: dict[str, Any], _: object) -> None:
        listener.api_deleted(place_of(backend), arguments["api_id"])

    return [
        told(ApiGatewayV2Backend, "create_api", created),
        *(told(ApiGatewayV2Backend, name, changed) for name in _CHANGES),
        told(ApiGatewayV2Backend, "delete_api", deleted),
        Replacement(Api, "api_endpoint", _endpoint(listener)),
    ]


def existing() -> Iterator[tuple[Place, str]]:
    """The APIs that there are."""
    for regions in list(apigatewayv2_backends.values()):
        for backend in list(regions.values()):
            yield from ((place_of(backend), api_id) for api_id in list(backend.apis))


def _endpoint(listener: Listener) -> property:
    """AWS's address stays noted in the object, and is back when the listener is gone."""

    def read(api: Api) -> str:
        on_aws: str = vars(api)["api_endpoint"]
        return listener.api_url(place_of(api.backend), api.api_id) or on_aws

    def note(api: Api, value: str) -> None:
        vars(api)["api_endpoint"] = value

    return property(read, note)
