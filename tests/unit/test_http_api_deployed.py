"""An API that was created through API Gateway's own interface (moto's), as the routes that are served."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.unit.http_api_fakes import CLIENT_ID, ISSUER, ISSUER_URL, SIGN_IN
from toolchain.errors import ToolchainError
from toolchain.local.http_api import Authorization, Cors, Route, Routes
from toolchain.local.http_api.deployed import read_cors, read_routes
from toolchain.manifest import declaration, read_functions
from toolchain.project import Project

type Client = Any
"""boto3's client, which has no types."""

_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:{}"
_INVOKE_ARN = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{}/invocations"


@pytest.fixture
def client() -> Iterator[Client]:
    with mock_aws():
        yield boto3.client("apigatewayv2", region_name="eu-west-1")


@pytest.fixture
def api_id(client: Client) -> str:
    return str(client.create_api(Name="api", ProtocolType="HTTP")["ApiId"])


def _authorizer(client: Client, api_id: str, source: str = "$request.header.Authorization") -> str:
    created = client.create_authorizer(
        ApiId=api_id,
        Name="jwt",
        AuthorizerType="JWT",
        IdentitySource=[source],
        JwtConfiguration={"Issuer": ISSUER_URL, "Audience": [CLIENT_ID]},
    )
    return str(created["AuthorizerId"])


def _route(client: Client, api_id: str, route: Route, uri: str, authorizer: str, **changes: str) -> None:
    """Create a route as Terraform does."""
    integration = client.create_integration(
        ApiId=api_id,
        IntegrationType="AWS_PROXY",
        IntegrationUri=uri,
        PayloadFormatVersion=route.payload_format_version,
    )
    authorization = route.authorization
    jwt = {
        "AuthorizationType": "JWT",
        "AuthorizerId": authorizer,
        "AuthorizationScopes": sorted(authorization.scopes) if authorization else [],
    }
    client.create_route(
        ApiId=api_id,
        RouteKey=route.key,
        Target=f"integrations/{integration['IntegrationId']}",
        **{**(jwt if authorization else {}), **changes},
    )


def test_what_is_deployed_equals_what_is_declared(client: Client, api_id: str, checkout: Project) -> None:
    """The reference application, deployed by hand: the functions have the stage's name, and an alias."""
    declarations = [declaration(function) for function in read_functions(checkout).values()]
    declared = Routes.declared(declarations, ISSUER)
    authorizer = _authorizer(client, api_id)
    for route in declared:
        arn = _ARN.format(f"shop-dev-{route.function}:live")
        _route(client, api_id, route, _INVOKE_ARN.format(arn), authorizer)
    deployed = read_routes(client, api_id, lambda name: name.removeprefix("shop-dev-"))
    assert deployed.differences(declared) == []
    assert deployed == declared
    assert {route.qualifier for route in deployed} == {"live"}


def test_plain_arns_and_the_default_route(client: Client, api_id: str) -> None:
    for route in (Route("$default", "f", None, "1.0"), Route("GET /{id}", "g", None)):
        _route(client, api_id, route, _ARN.format(route.function), "")
    assert read_routes(client, api_id) == Routes(
        (Route("$default", "f", None, "1.0"), Route("GET /{id}", "g", None))
    )


def test_every_route_that_is_not_ours_is_reported(client: Client, api_id: str) -> None:
    signed_in = Authorization(ISSUER, frozenset({SIGN_IN}))
    elsewhere = _authorizer(client, api_id, "$request.querystring.token")
    _route(client, api_id, Route("GET /a", "f", signed_in), _ARN.format("f"), elsewhere)
    _route(client, api_id, Route("GET /b", "f", None), _ARN.format("f"), "", AuthorizationType="AWS_IAM")
    _route(client, api_id, Route("GET /c", "f", None), "arn:aws:states:::x", "")
    proxy = client.create_integration(ApiId=api_id, IntegrationType="HTTP_PROXY", IntegrationUri="https://x")
    client.create_route(ApiId=api_id, RouteKey="GET /d", Target=f"integrations/{proxy['IntegrationId']}")
    client.create_route(ApiId=api_id, RouteKey="GET /e")
    mapped = client.create_integration(
        ApiId=api_id,
        IntegrationType="AWS_PROXY",
        IntegrationUri=_ARN.format("f"),
        PayloadFormatVersion="2.0",
        RequestParameters={"append:header.x-from": "api"},
    )
    client.create_route(ApiId=api_id, RouteKey="GET /f", Target=f"integrations/{mapped['IntegrationId']}")
    with pytest.raises(ToolchainError) as caught:
        read_routes(client, api_id)
    of, header = f"of API {api_id}:", "use $request.header.Authorization"
    assert caught.value.problems == (
        f"route 'GET /a' {of} its identity source is $request.querystring.token; {header}",
        f"route 'GET /b' {of} its authorization is AWS_IAM without a JWT authorizer; use JWT or NONE",
        f"route 'GET /c' {of} its integration is arn:aws:states:::x, no function",
        f"route 'GET /d' {of} its integration is no Lambda function",
        f"route 'GET /e' {of} its integration is no Lambda function",
        f"route 'GET /f' {of} its integration has RequestParameters; parameters are handed on as they are",
    )


def test_lists_of_several_pages_are_read_to_the_end() -> None:
    """moto gives everything at once; API Gateway 25 items or so."""
    integration = {"IntegrationType": "AWS_PROXY", "PayloadFormatVersion": "2.0"}
    pages: dict[str | None, dict[str, Any]] = {
        None: {"Items": [{"RouteKey": "GET /a", "Target": "integrations/i"}], "NextToken": "two"},
        "two": {"Items": [{"RouteKey": "GET /b", "Target": "integrations/i"}]},
    }

    class Paged:
        def get_routes(self, **parameters: str) -> dict[str, Any]:
            assert parameters["ApiId"] == "api"
            return pages[parameters.get("NextToken")]

        def get_integrations(self, **_: str) -> dict[str, Any]:
            return {"Items": [{**integration, "IntegrationId": "i", "IntegrationUri": _ARN.format("f")}]}

        def get_authorizer(self, **_: str) -> dict[str, Any]:
            raise AssertionError

        def get_api(self, **_: str) -> dict[str, Any]:
            return {}

    assert [route.key for route in read_routes(Paged(), "api")] == ["GET /a", "GET /b"]
    assert read_cors(Paged(), "api") is None


def test_the_cors_configuration(client: Client, api_id: str) -> None:
    assert read_cors(client, api_id) is None
    client.update_api(
        ApiId=api_id,
        CorsConfiguration={
            "AllowOrigins": ["https://www.example.com"],
            "AllowMethods": ["GET"],
            "AllowHeaders": ["authorization"],
            "ExposeHeaders": ["etag"],
            "AllowCredentials": True,
            "MaxAge": 300,
        },
    )
    assert read_cors(client, api_id) == Cors(
        ("https://www.example.com",),
        ("GET",),
        ("authorization",),
        ("etag",),
        allow_credentials=True,
        max_age_seconds=300,
    )
