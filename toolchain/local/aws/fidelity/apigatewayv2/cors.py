"""CORS of HTTP APIs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import yaml  # as moto reads such documents
from moto.apigatewayv2.exceptions import BadRequestException
from moto.apigatewayv2.models import Api, ApiGatewayV2Backend


def correct() -> None:
    """Any origin may be allowed together with credentials, which no browser takes, and AWS refuses.

    Its words are those of https://github.com/aws/aws-cdk/issues/9076 .
    """
    for owner, name, cors_of in (
        (ApiGatewayV2Backend, "create_api", _given),
        (ApiGatewayV2Backend, "update_api", _given),
        (Api, "import_api", _imported),
    ):
        setattr(owner, name, _checking(getattr(owner, name), cors_of))


def _checking[Result](method: Callable[..., Result], cors_of: Callable[..., Any]) -> Callable[..., Result]:
    """The method, for a configuration that AWS takes; before anything is changed."""

    @wraps(method)
    def check_and_do(*args: Any, **kwargs: Any) -> Result:  # noqa: ANN401  moto's own arguments
        cors = cors_of(*args, **kwargs) or {}
        if cors.get("allowCredentials") and "*" in (cors.get("allowOrigins") or ()):
            raise BadRequestException("allow-credentials is not supported if 'allow-origin' is *")
        return method(*args, **kwargs)

    return check_and_do


def _given(*_: object, cors_configuration: Any = None, **_others: object) -> Any:  # noqa: ANN401  any JSON
    return cors_configuration


def _imported(_: Api, body_str: str, *_others: object) -> Any:  # noqa: ANN401  as above
    return yaml.safe_load(body_str).get("x-amazon-apigateway-cors")
