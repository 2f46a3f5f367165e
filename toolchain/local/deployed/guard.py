"""Refuses what can't be done here, before moto does it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from toolchain.local.deployed import apis, functions
from toolchain.local.place import Place

if TYPE_CHECKING:
    from moto.apigatewayv2.models import ApiGatewayV2Backend


class DeployedGuard:
    """toolchain.local.aws.listening.Guard. Raises LocalCloudError."""

    def __init__(self, deployed: functions.DeployedFunctions) -> None:
        self._functions = deployed

    def check_function(self, place: Place, name: str, tags: Mapping[str, str]) -> None:
        self._functions.check(place, name, tags)

    def check_alias(self, place: Place, function: str, name: str, weights: Mapping[str, float]) -> None:
        del place
        functions.check_weights(function, name, weights)

    def check_api(self, name: str, protocol: str) -> None:
        apis.check_protocol(name, protocol)

    def check_routes(self, place: Place, api_id: str, changed: "ApiGatewayV2Backend") -> None:
        apis.check_routes(place, api_id, changed)
