"""The events that functions get of requests, in both payload formats."""

import base64
from typing import Any

import pytest
from aws_lambda_powertools.utilities.parser.models import (
    APIGatewayProxyEventModel,
    APIGatewayProxyEventV2Model,
)

from lib.http.gateway import parse_request
from tests.unit.http_api_fakes import SIGN_IN, SIGNED_IN, SUB, Gateway, access_token
from toolchain.local.http_api import Route

TRACE = "Root=1-697deec0-4f1d2a3b5c6d7e8f90a1b2c3"
_CLAIMS = {name: str(value) for name, value in access_token().items()}


def _gateway(key: str, version: str = "2.0", *, signed_in: bool = False, **settings: object) -> Gateway:
    authorization = SIGNED_IN if signed_in else None
    route = Route(key, "echo", authorization, "1.0" if version == "1.0" else "2.0")
    return Gateway([route], {"echo": lambda _: {"statusCode": 204}}, settings)


def _event(
    gateway: Gateway, method: str, target: str, *headers: tuple[str, str], body: bytes = b""
) -> dict[str, Any]:
    """The event without the request's id, which is checked elsewhere."""
    traced = [*headers, ("x-amzn-trace-id", TRACE)]
    response = gateway.request(method, target, traced, body)
    assert response.status == 204
    assert gateway.event["requestContext"].pop("requestId") == response.header("apigw-requestid")
    return gateway.event


def test_a_whole_event_of_format_2_0() -> None:
    """Everything there can be; compare toolchain/events and http-api-develop-integrations-lambda."""
    gateway = _gateway("POST /users/{id}", signed_in=True)
    token = f"Bearer {gateway.issuer.token()}"
    event = _event(
        gateway,
        "POST",
        "/users/J%C3%B6rg%20S?a=1&a=2%2C3&b=&c=x+y&d",
        ("Authorization", token),
        ("Cookie", "theme=dark; session=a=b"),
        ("Cookie", "lang=en"),
        ("Content-Type", "application/json"),
        ("User-Agent", "curl/8.11.1"),
        ("X-Forwarded-For", "203.0.113.7"),
        ("Accept", "text/html"),
        ("Accept", "text/plain"),
        ("Connection", "keep-alive"),
        ("Transfer-Encoding", "identity"),
        body='{"name": "Jörg"}'.encode(),
    )
    assert event == {
        "version": "2.0",
        "routeKey": "POST /users/{id}",
        "rawPath": "/users/Jörg S",
        "rawQueryString": "a=1&a=2%2C3&b=&c=x+y&d",
        "cookies": ["theme=dark", "session=a=b", "lang=en"],
        "headers": {
            "accept": "text/html,text/plain",
            "authorization": token,
            "content-length": "17",
            "content-type": "application/json",
            "host": "localhost:8000",
            "user-agent": "curl/8.11.1",
            "x-amzn-trace-id": TRACE,
            "x-forwarded-for": "203.0.113.7, 127.0.0.1",
            "x-forwarded-port": "8000",
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": {"a": "1,2,3", "b": "", "c": "x y", "d": ""},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "authorizer": {"jwt": {"claims": _CLAIMS, "scopes": [SIGN_IN]}},
            "domainName": "localhost:8000",
            "domainPrefix": "localhost",
            "http": {
                "method": "POST",
                "path": "/users/Jörg S",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "curl/8.11.1",
            },
            "routeKey": "POST /users/{id}",
            "stage": "$default",
            "time": "31/Jan/2026:12:00:00 +0000",
            "timeEpoch": 1769860800250,
        },
        "pathParameters": {"id": "Jörg S"},
        "body": '{"name": "Jörg"}',
        "isBase64Encoded": False,
    }


def test_a_bare_event_of_format_2_0_has_nothing_that_the_request_lacks() -> None:
    event = _event(_gateway("$default"), "GET", "/")
    assert event.keys() == {
        *("version", "routeKey", "rawPath", "rawQueryString", "headers", "requestContext", "isBase64Encoded"),
    }
    assert event["rawQueryString"] == ""
    assert event["headers"]["content-length"] == "0"
    assert "authorizer" not in event["requestContext"]
    assert event["requestContext"]["http"]["userAgent"] == ""


def test_a_whole_event_of_format_1_0() -> None:
    """Cookies stay a header; the path stays as it was sent; of repeated ones the last is the single one."""
    gateway = _gateway("POST /users/{id}", "1.0", signed_in=True)
    token = f"Bearer {gateway.issuer.token()}"
    event = _event(
        gateway,
        "POST",
        "/users/J%C3%B6rg%20S?a=1&a=2",
        ("Authorization", token),
        ("Cookie", "theme=dark; session=a=b"),
        ("Accept", "text/html"),
        ("Accept", "text/plain"),
        body=b"\x00\xff",
    )
    single = {
        "accept": "text/plain",
        "authorization": token,
        "content-length": "2",
        "cookie": "theme=dark; session=a=b",
        "host": "localhost:8000",
        "x-amzn-trace-id": TRACE,
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-port": "8000",
        "x-forwarded-proto": "http",
    }
    request_id = event["requestContext"].pop("extendedRequestId")
    assert len(request_id) == 16
    assert event == {
        "version": "1.0",
        "resource": "/users/{id}",
        "path": "/users/J%C3%B6rg%20S",
        "httpMethod": "POST",
        "headers": single,
        "multiValueHeaders": {
            **{name: [value] for name, value in single.items()},
            "accept": ["text/html", "text/plain"],
        },
        "queryStringParameters": {"a": "2"},
        "multiValueQueryStringParameters": {"a": ["1", "2"]},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "authorizer": {"claims": _CLAIMS, "scopes": [SIGN_IN]},
            "domainName": "localhost:8000",
            "domainPrefix": "localhost",
            "httpMethod": "POST",
            "identity": {
                "accessKey": None,
                "accountId": None,
                "caller": None,
                "cognitoAuthenticationProvider": None,
                "cognitoAuthenticationType": None,
                "cognitoIdentityId": None,
                "cognitoIdentityPoolId": None,
                "principalOrgId": None,
                "sourceIp": "127.0.0.1",
                "user": None,
                "userAgent": "",
                "userArn": None,
            },
            "path": "/users/J%C3%B6rg%20S",
            "protocol": "HTTP/1.1",
            "requestTime": "31/Jan/2026:12:00:00 +0000",
            "requestTimeEpoch": 1769860800250,
            "resourceId": "POST /users/{id}",
            "resourcePath": "/users/{id}",
            "stage": "$default",
        },
        "pathParameters": {"id": "Jörg S"},
        "stageVariables": None,
        "body": "AP8=",
        "isBase64Encoded": True,
    }


def test_a_bare_event_of_format_1_0_has_null_for_what_the_request_lacks() -> None:
    event = _event(_gateway("$default", "1.0"), "GET", "/")
    lacking = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "body")
    assert [event[name] for name in lacking] == [None] * 4
    assert event["requestContext"]["authorizer"] == {"claims": None, "scopes": None}
    assert (event["resource"], event["isBase64Encoded"]) == ("$default", False)


@pytest.mark.parametrize(
    ("content_type", "is_text"),
    [
        ("text/plain", True),
        ("text/html; charset=UTF-8", True),
        ("application/json", True),
        ("Application/JSON;charset=utf-8", True),
        ('application/json; charset="utf-8"', True),
        ("application/xml", True),
        ("application/javascript", True),
        ("text/plain; charset=iso-8859-1", False),
        ("application/x-www-form-urlencoded", False),
        ("application/merge-patch+json", False),
        ("application/octet-stream", False),
        ("multipart/form-data; boundary=x", False),
        ("image/png", False),
        ("", False),
        (None, False),
    ],
)
@pytest.mark.parametrize("version", ["2.0", "1.0"])
def test_which_bodies_are_text(version: str, content_type: str | None, is_text: bool) -> None:  # noqa: FBT001
    headers = [] if content_type is None else [("Content-Type", content_type)]
    event = _event(_gateway("POST /x", version), "POST", "/x", *headers, body=b"h\xc3\xb6")
    expected = "hö" if is_text else base64.b64encode(b"h\xc3\xb6").decode()
    assert (event["body"], event["isBase64Encoded"]) == (expected, not is_text)


@pytest.mark.parametrize("key", ["POST /users/{id}", "ANY /{proxy+}", "$default"])
@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("body", [b"", b'{"name": "Ada"}', b"\x00\xff"])
def test_others_read_the_events(key: str, signed_in: bool, body: bytes) -> None:  # noqa: FBT001
    """Powertools' models accept both formats, and lib.http finds the same request in both."""
    requests = []
    for version, model in (("2.0", APIGatewayProxyEventV2Model), ("1.0", APIGatewayProxyEventModel)):
        gateway = _gateway(key, version, signed_in=signed_in)
        event = _event(
            gateway,
            "POST",
            "/users/7?q=1&q=2",
            ("Authorization", gateway.issuer.token(**{"cognito:groups": ["admins", "b"]})),
            ("Cookie", "a=1; b=2"),
            ("Content-Type", "application/json" if b"{" in body else "image/png"),
            body=body,
        )
        event["requestContext"]["requestId"] = "same"
        model.model_validate(event)
        requests.append(parse_request(event))
    second, first = requests
    assert (second.method, second.path, second.route_key) == ("POST", "/users/7", key)
    assert second.query_parameters == {"q": ("1", "2")}
    assert (second.content, second.cookies) == (body, {"a": "1", "b": "2"})
    for name in ("method", "path", "route_key", "path_parameters", "query_parameters", "cookies", "content"):
        assert getattr(first, name) == getattr(second, name)
    if signed_in:
        assert (second.claims.subject, second.claims.groups) == (SUB, frozenset({"admins", "b"}))
        assert first.claims == second.claims
    else:
        assert first.verified_claims is second.verified_claims is None
