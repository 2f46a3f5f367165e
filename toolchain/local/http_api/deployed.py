"""An HTTP API as it is deployed, read through API Gateway's own interface into the values that serve it.

So what the manifests declare can be compared with what Terraform made of it, and what is deployed be served.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from toolchain.errors import ToolchainError
from toolchain.local.http_api.cors import Cors
from toolchain.local.http_api.routes import Authorization, Issuer, Route, Routes

_FUNCTION = re.compile(
    r":function:(?P<name>[A-Za-z0-9_-]+)(:(?P<qualifier>[A-Za-z0-9_$-]+))?(/invocations)?$"
)
_IDENTITY_SOURCES = ["$request.header.Authorization"]

type Item = Mapping[str, Any]
type NameOf = Callable[[str], str]


class ApiGateway(Protocol):
    """What is used of boto3's client `apigatewayv2`."""

    def get_api(self, **parameters: str) -> dict[str, Any]: ...
    def get_routes(self, **parameters: str) -> dict[str, Any]: ...
    def get_integrations(self, **parameters: str) -> dict[str, Any]: ...
    def get_authorizer(self, **parameters: str) -> dict[str, Any]: ...


def read_routes(client: ApiGateway, api_id: str, name_of: NameOf = str) -> Routes:
    """The routes of an API. `name_of` gives the name that a function has in its manifest.

    Raises ToolchainError with every route that is of a kind that this toolchain does not make.
    """
    routes, problems = read_supported_routes(client, api_id, name_of)
    if problems:
        raise ToolchainError(problems)
    return routes


def read_supported_routes(
    client: ApiGateway, api_id: str, name_of: NameOf = str
) -> tuple[Routes, tuple[str, ...]]:
    """As read_routes, with what is wrong with the routes that are left out: a line for each."""
    items = list(_items(client.get_routes, api_id))
    integrations = {each["IntegrationId"]: each for each in _items(client.get_integrations, api_id)}
    # One by one: moto has no GetAuthorizers.
    ids = {item["AuthorizerId"] for item in items if item.get("AuthorizerId")}
    authorizers = {each: client.get_authorizer(ApiId=api_id, AuthorizerId=each) for each in ids}
    routes, problems = [], []
    for item in items:
        try:
            routes.append(_route(item, integrations, authorizers, name_of))
        except _UnsupportedError as error:
            problems.append(f"route {item['RouteKey']!r} of API {api_id}: {error}")
    return Routes.of(routes), tuple(problems)


def read_cors(client: ApiGateway, api_id: str) -> Cors | None:
    """The API's CORS configuration, if it has one."""
    configuration = client.get_api(ApiId=api_id).get("CorsConfiguration")
    if not configuration:
        return None
    return Cors(
        allow_origins=tuple(configuration.get("AllowOrigins", ())),
        allow_methods=tuple(configuration.get("AllowMethods", ())),
        allow_headers=tuple(configuration.get("AllowHeaders", ())),
        expose_headers=tuple(configuration.get("ExposeHeaders", ())),
        allow_credentials=configuration.get("AllowCredentials", False),
        max_age_seconds=configuration.get("MaxAge"),
    )


class _UnsupportedError(Exception):
    """A route is of a kind that this toolchain does not make."""


def _items(get: Callable[..., dict[str, Any]], api_id: str) -> Iterator[Item]:
    """All items of a list, page after page."""
    page = get(ApiId=api_id)
    yield from page["Items"]
    while token := page.get("NextToken"):
        page = get(ApiId=api_id, NextToken=token)
        yield from page["Items"]


def _route(
    item: Item, integrations: Mapping[str, Item], authorizers: Mapping[str, Item], name_of: NameOf
) -> Route:
    integration = integrations.get(item.get("Target", "").removeprefix("integrations/"))
    if integration is None or integration["IntegrationType"] != "AWS_PROXY":
        raise _UnsupportedError("its integration is no Lambda function")
    for mapping in ("RequestParameters", "ResponseParameters"):
        if integration.get(mapping):
            raise _UnsupportedError(f"its integration has {mapping}; parameters are handed on as they are")
    uri = integration.get("IntegrationUri")
    function = _FUNCTION.search(uri or "")
    if function is None:
        raise _UnsupportedError(f"its integration is {uri}, no function")
    version = integration.get("PayloadFormatVersion")
    if version not in {"1.0", "2.0"}:
        raise _UnsupportedError(f"its payload format version is {version}; use 2.0 or 1.0")
    return Route(
        key=item["RouteKey"],
        function=name_of(function["name"]),
        authorization=_authorization(item, authorizers),
        payload_format_version=version,
        qualifier=function["qualifier"],
    )


def _authorization(item: Item, authorizers: Mapping[str, Item]) -> Authorization | None:
    kind = item.get("AuthorizationType", "NONE")
    if kind == "NONE":
        return None
    authorizer = authorizers.get(item.get("AuthorizerId", ""))
    if kind != "JWT" or authorizer is None or authorizer["AuthorizerType"] != "JWT":
        raise _UnsupportedError(f"its authorization is {kind} without a JWT authorizer; use JWT or NONE")
    if list(authorizer.get("IdentitySource", ())) != _IDENTITY_SOURCES:
        sources = ", ".join(authorizer.get("IdentitySource", ()))
        raise _UnsupportedError(f"its identity source is {sources}; use {_IDENTITY_SOURCES[0]}")
    configuration = authorizer["JwtConfiguration"]
    issuer = Issuer(configuration["Issuer"], frozenset(configuration["Audience"]))
    return Authorization(issuer, frozenset(item.get("AuthorizationScopes") or ()))
