"""Quick create: an API with an integration, a route and a stage, of one call that names a target.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html#apis-model-createapiinput
"""

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.apigatewayv2.exceptions import BadRequestException
from moto.apigatewayv2.models import ApiGatewayV2Backend, Integration, Route, Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response
from moto.core.common_types import TYPE_RESPONSE

_DEFAULT = "$default"


def correct() -> None:
    """Target, RouteKey and CredentialsArn of CreateApi and UpdateApi are ignored."""
    _create_with_a_target()
    _update_the_target()
    for part in (Integration, Route, Stage):
        _say_what_is_managed(part)


def _create_with_a_target() -> None:
    original = ApiGatewayV2Response.create_api

    def create_api(self: ApiGatewayV2Response) -> TYPE_RESPONSE:
        wanted = json.loads(self.body)
        if not wanted.get("target"):
            return original(self)
        integration = _integration(wanted)
        if wanted.get("protocolType") != "HTTP":  # [U] AWS's words
            raise BadRequestException("Quick create is supported only for HTTP APIs")
        answer = original(self)
        backend, api_id = self.apigatewayv2_backend, json.loads(answer[2])["apiId"]
        try:
            _make_parts(backend, api_id, integration, wanted.get("routeKey") or _DEFAULT)
        except Exception:  # of a request that is refused, nothing stays
            backend.delete_api(api_id=api_id)
            raise
        return answer

    ApiGatewayV2Response.create_api = create_api  # type: ignore[method-assign]


def _make_parts(
    backend: ApiGatewayV2Backend, api_id: str, integration: Mapping[str, Any], route_key: str
) -> None:
    """Of a function, AWS makes an integration of the payload format 2.0 [U]; of a URL, 1.0 is the only one.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    version = "2.0" if integration["integration_type"] == "AWS_PROXY" else "1.0"
    made: Integration = _call(
        backend.create_integration,
        api_id=api_id,
        connection_type="INTERNET",
        integration_method="POST" if version == "2.0" else "ANY",
        payload_format_version=version,
        **integration,
    )
    route: Route = _call(
        backend.create_route,
        api_id=api_id,
        api_key_required=False,
        authorization_type="NONE",
        route_key=route_key,
        target=f"integrations/{made.id}",
    )
    stage = backend.create_stage(api_id, {"stageName": _DEFAULT, "autoDeploy": True})
    for part in (made, route, stage):
        vars(part)["is_managed"] = True


def _update_the_target() -> None:
    original = ApiGatewayV2Response.update_api

    def update_api(self: ApiGatewayV2Response) -> TYPE_RESPONSE:
        wanted, api_id = json.loads(self.body), self.path.split("/")[-1]
        backend = self.apigatewayv2_backend
        if wanted.get("target"):
            integration = _managed(backend.get_integrations(api_id), "target")
            changes = _integration(wanted)
            _call(backend.update_integration, api_id=api_id, integration_id=integration.id, **changes)
        if wanted.get("routeKey"):
            route = _managed(backend.get_routes(api_id), "route key")
            changes = {"route_id": route.route_id, "route_key": wanted["routeKey"]}
            _call(backend.update_route, api_id=api_id, **changes)
        return original(self)

    ApiGatewayV2Response.update_api = update_api  # type: ignore[method-assign]


def _integration(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The integration of a target: a function's ARN, or a URL."""
    target = wanted["target"]
    is_function = ":lambda:" in target and target.startswith("arn:")
    if not is_function and not target.startswith(("http://", "https://")):  # [U] AWS's words
        raise BadRequestException(f"Invalid target {target}: use the ARN of a function, or a URL")
    return {
        "integration_type": "AWS_PROXY" if is_function else "HTTP_PROXY",
        "integration_uri": target,
        "credentials_arn": wanted.get("credentialsArn"),
    }


def _managed[Part](parts: list[Part], what: str) -> Part:
    for part in parts:
        if vars(part).get("is_managed"):
            return part
    # [U] AWS's words
    raise BadRequestException(f"The API was not made by quick create: it has no {what} to update")


def _call[Made](method: Callable[..., Made], **given: object) -> Made:
    """moto's methods want all of their arguments."""
    return method(**{**dict.fromkeys(inspect.signature(method).parameters), **given})


def _say_what_is_managed(part: Any) -> None:  # noqa: ANN401  one of moto's classes
    original = part.to_json

    def to_json(self: object) -> dict[str, Any]:
        managed = {"apiGatewayManaged": True} if vars(self).get("is_managed") else {}
        return {**original(self), **managed}

    part.to_json = to_json
