"""Sample requests of HTTP APIs, in both payload formats."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.parser.models import (
    APIGatewayProxyEventModel,
    APIGatewayProxyEventV2Model,
)

from toolchain.events.http import http_event
from toolchain.manifest.http_trigger import HttpTrigger


def trigger(method: str, path: str, auth: object = "jwt", version: str = "2.0") -> HttpTrigger:
    return HttpTrigger.model_validate(
        {"method": method, "path": path, "auth": auth, "payload_format_version": version}
    )


@pytest.mark.parametrize(
    ("method", "path", "raw_path", "values"),
    [
        ("GET", "/users", "/users", None),
        ("GET", "/users/{id}", "/users/42", {"id": "42"}),
        ("ANY", "/{slug}/{userId}", "/slug/42", {"slug": "slug", "userId": "42"}),
        ("GET", "/files/{proxy+}", "/files/reports/january.txt", {"proxy": "reports/january.txt"}),
        ("ANY", "$default", "/somewhere/else", None),
    ],
)
def test_path_parameters_are_filled(
    method: str, path: str, raw_path: str, values: dict[str, str] | None
) -> None:
    """In format 2.0 what the request lacks is absent, in 1.0 it is null."""
    second, first = http_event(trigger(method, path)), http_event(trigger(method, path, version="1.0"))
    assert (second["rawPath"], second.get("pathParameters")) == (raw_path, values)
    assert (first["path"], first["pathParameters"]) == (raw_path, values)
    assert ("pathParameters" in second) is (values is not None)
    assert second["requestContext"]["routeKey"] == second["routeKey"]
    assert first["requestContext"]["resourceId"] == second["routeKey"]


def test_claims_are_those_of_an_access_token() -> None:
    """All strings: API Gateway makes text even of lists and numbers."""
    event = http_event(trigger("GET", "/users", {"jwt": {"groups": ["admins", "editors"]}}))
    authorizer = event["requestContext"]["authorizer"]["jwt"]
    assert authorizer["scopes"] == ["aws.cognito.signin.user.admin"]
    assert authorizer["claims"] == {
        "sub": "5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10",
        "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE01",
        "client_id": "3n4b5urk1ft4fl3mg5e62d9ado",
        "origin_jti": "1f7a6c7e-0c8e-4a54-9b0a-6b1f4d5a2c11",
        "event_id": "9c2d6f0e-3a4b-4d1c-8e5f-7a6b5c4d3e2f",
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "auth_time": "1769860800",
        "exp": "1769864400",
        "iat": "1769860800",
        "jti": "7e6d5c4b-3a29-4817-a6b5-c4d3e2f10987",
        "username": "5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10",
        "cognito:groups": "[admins editors]",
    }


def test_a_public_route_has_no_authorizer() -> None:
    """Nobody is signed in, and no token is sent."""
    second = http_event(trigger("GET", "/health", "none"))
    first = http_event(trigger("GET", "/health", "none", "1.0"))
    assert "authorizer" not in second["requestContext"]
    assert first["requestContext"]["authorizer"] == {"claims": None, "scopes": None}
    assert "authorization" not in second["headers"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"])
def test_methods_that_change_something_have_a_body(method: str) -> None:
    """Powertools' models accept every method's event, in both formats."""
    second, first = (
        http_event(trigger(method, "/users")),
        http_event(trigger(method, "/users", version="1.0")),
    )
    APIGatewayProxyEventV2Model.model_validate(second)
    APIGatewayProxyEventModel.model_validate(first)
    has_body = method in {"POST", "PUT", "PATCH"}
    assert ("body" in second) is has_body
    assert first["body"] == second.get("body")
    assert ("content-type" in second["headers"]) is has_body


def test_no_key_is_null_in_format_2() -> None:
    """Format 1.0 has nulls for what is absent, format 2.0 has no key."""
    assert list(nulls(http_event(trigger("GET", "/users")))) == []
    assert "queryStringParameters" in list(nulls(http_event(trigger("GET", "/users", version="1.0"))))


def nulls(event: dict[str, Any]) -> list[str]:
    found = [key for key, value in event.items() if value is None]
    for value in event.values():
        found += nulls(value) if isinstance(value, dict) else []
    return found
