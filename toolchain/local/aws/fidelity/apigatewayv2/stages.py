"""Stages of HTTP APIs.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from moto.apigatewayv2.models import ApiGatewayV2Backend, Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response

_ATTRIBUTES = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "stageVariables": "stage_variables",
}


def correct() -> None:
    _update_stages()


def _update_stages() -> None:
    """UpdateStage is missing: a change of throttling or of the access log fails."""

    def update_stage(
        self: ApiGatewayV2Backend, api_id: str, stage_name: str, config: dict[str, Any]
    ) -> Stage:
        stage = self.get_stage(api_id, stage_name)
        for name, attribute in _ATTRIBUTES.items():
            if name in config:
                setattr(stage, attribute, config[name])
        # Those of routes that are not named stay: DeleteRouteSettings is there to remove them.
        stage.route_settings = {**stage.route_settings, **config.get("routeSettings", {})}
        stage.updated = datetime.now()  # noqa: DTZ005  as moto has it
        return stage

    def answer(self: ApiGatewayV2Response) -> tuple[int, dict[str, str], str]:
        api_id, _, stage_name = self.path.split("/")[-3:]
        backend: Any = self.apigatewayv2_backend  # with what is added here
        stage = backend.update_stage(api_id, unquote(stage_name), json.loads(self.body))
        return 200, {}, json.dumps(stage.to_json())

    setattr(ApiGatewayV2Backend, "update_stage", update_stage)  # noqa: B010  moto does not declare it
    setattr(ApiGatewayV2Response, "update_stage", answer)  # noqa: B010  the same
