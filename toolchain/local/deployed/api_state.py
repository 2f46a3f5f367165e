"""HTTP APIs as moto's control plane has them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.apigatewayv2.models import Api as MotoApi
from moto.apigatewayv2.models import ApiGatewayV2Backend, apigatewayv2_backends
from moto.apigatewayv2.models import Stage as MotoStage

from toolchain.local.http_api import Cors, Routes
from toolchain.local.http_api.deployed import read_cors, read_supported_routes
from toolchain.local.place import Place

_NESTED = frozenset({"CorsConfiguration", "JwtConfiguration"})
_THROTTLING = ("throttlingBurstLimit", "throttlingRateLimit")


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage; its log is (log group, format), if it has one."""

    name: str
    variables: tuple[tuple[str, str], ...] = ()
    log: tuple[str, str] | None = None
    is_throttled: bool = False
    deploys_itself: bool = True


@dataclass(frozen=True, slots=True)
class DeployedApi:
    """An HTTP API; `problems` has a line for each route that is left out, as it can't be served here.

    `timeouts_seconds` are those of its integrations.
    """

    place: Place
    id: str
    name: str
    routes: Routes
    cors: Cors | None
    stages: tuple[Stage, ...]
    timeouts_seconds: frozenset[float] = frozenset()
    problems: tuple[str, ...] = ()


def read_api(place: Place, api_id: str) -> DeployedApi | None:
    """The API, if there is one now, and it is an HTTP API."""
    moto = _find(place, api_id)
    if moto is None or moto.protocol_type != "HTTP":
        return None
    client = ApiGatewayOfMoto(_backend(place))
    routes, problems = read_supported_routes(client, api_id, place.function_arn)
    return DeployedApi(
        place=place,
        id=api_id,
        name=moto.name,
        routes=routes,
        cors=read_cors(client, api_id),
        stages=tuple(_stage(stage) for stage in list(moto.stages.values())),
        timeouts_seconds=frozenset(
            each.timeout_in_millis / 1000
            for each in list(moto.integrations.values())
            if each.timeout_in_millis
        ),
        problems=problems,
    )


def new_problems(place: Place, api_id: str, changed: ApiGatewayV2Backend) -> tuple[str, ...]:
    """A line for each route that a change would leave out, as it can't be served here; `changed` has the API
    after it.
    """
    now, then = (
        read_supported_routes(ApiGatewayOfMoto(backend), api_id, place.function_arn)[1]
        for backend in (_backend(place), changed)
    )
    return tuple(problem for problem in then if problem not in now)


def protocol_of(place: Place, api_id: str) -> str | None:
    """`HTTP` or `WEBSOCKET`; None if there is no such API."""
    moto = _find(place, api_id)
    return moto.protocol_type if moto else None


class ApiGatewayOfMoto:
    """toolchain.local.http_api.deployed.ApiGateway without HTTP in between.

    Routes are read anew after every change of one of them.
    """

    def __init__(self, backend: ApiGatewayV2Backend) -> None:
        self._backend = backend

    def get_api(self, **parameters: str) -> dict[str, Any]:
        return _as_boto3(self._backend.get_api(parameters["ApiId"]).to_json())

    def get_routes(self, **parameters: str) -> dict[str, Any]:
        return _page(self._backend.get_routes, parameters)

    def get_integrations(self, **parameters: str) -> dict[str, Any]:
        return _page(self._backend.get_integrations, parameters)

    def get_authorizer(self, **parameters: str) -> dict[str, Any]:
        authorizer = self._backend.get_authorizer(parameters["ApiId"], parameters["AuthorizerId"])
        return _as_boto3(authorizer.to_json())


def _find(place: Place, api_id: str) -> MotoApi | None:
    return _backend(place).apis.get(api_id)


def _backend(place: Place) -> ApiGatewayV2Backend:
    return apigatewayv2_backends[place.account_id][place.region]


def _page(get: Callable[..., list[Any]], parameters: Mapping[str, str]) -> dict[str, Any]:
    """All items, on one page."""
    return {"Items": [_as_boto3(each.to_json()) for each in get(api_id=parameters["ApiId"])]}


def _as_boto3(document: Mapping[str, Any]) -> dict[str, Any]:
    """moto's JSON as boto3 shows it: members begin with a capital; those without a value are missing."""
    shown = {f"{name[0].upper()}{name[1:]}": value for name, value in document.items() if value is not None}
    for name in _NESTED & shown.keys():
        shown[name] = _as_boto3(shown[name])
    return shown


def _stage(moto: MotoStage) -> Stage:
    log = moto.access_log_settings or {}
    group = log.get("destinationArn", "").partition(":log-group:")[2].removesuffix(":*")
    settings = [moto.default_route_settings, *(moto.route_settings or {}).values()]
    return Stage(
        name=moto.name,
        variables=tuple(sorted((moto.stage_variables or {}).items())),
        log=(group, log.get("format", "")) if group else None,
        is_throttled=any(each.get(name) for each in settings for name in _THROTTLING),
        deploys_itself=bool(moto.auto_deploy),
    )
