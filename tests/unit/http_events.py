"""Events of API Gateway as AWS's documentation shows them, and the context that comes with them."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, override

type MakeEvent = Callable[..., dict[str, Any]]

SUB = "5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10"
ACCESS_TOKEN_CLAIMS = {
    "sub": SUB,
    "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE01",
    "client_id": "3n4b5urk1ft4fl3mg5e62d9ado",
    "token_use": "access",
    "scope": "aws.cognito.signin.user.admin",
    "username": SUB,
}


@dataclass(frozen=True)
class Context:
    """What a handler reads of the context object."""

    aws_request_id: str = "8c3f1d0e-1111-4222-8333-944445555666"
    function_name: str = "demo"
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:123456789012:function:demo"
    memory_limit_in_mb: str = "256"
    remaining_millis: int = 3000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_millis


class Deadline(Context):
    """A context whose time runs out as on Lambda."""

    _started: float

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__(remaining_millis=int(timeout_seconds * 1000))
        object.__setattr__(self, "_started", monotonic())

    @override
    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_millis - int((monotonic() - self._started) * 1000)


def http_api_2_0(claims: dict[str, Any] | None = None, **changes: object) -> dict[str, Any]:
    """Format 2.0 (APG: http-api-develop-integrations-lambda); absent things are absent."""
    authorizer = {} if claims is None else {"authorizer": {"jwt": {"claims": claims, "scopes": None}}}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "POST /my/{parameter1}",
        "rawPath": "/my/value1",
        "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
        "cookies": ["cookie1=one", "cookie2=two"],
        "headers": {"header1": "value1", "header2": "value1,value2", "content-type": "application/json"},
        "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            **authorizer,
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": "POST",
                "path": "/my/value1",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "POST /my/{parameter1}",
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1583348638390,
        },
        "body": '{"message": "hello"}',
        "pathParameters": {"parameter1": "value1"},
        "isBase64Encoded": False,
        "stageVariables": {"stageVariable1": "value1"},
    }
    return {**event, **changes}


def http_api_1_0(claims: dict[str, Any] | None = None, **changes: object) -> dict[str, Any]:
    """Format 1.0 of an HTTP API (the same page); the route is in `resourceId`."""
    event: dict[str, Any] = {
        "version": "1.0",
        "resource": "/my/{parameter1}",
        "path": "/my/value1",
        "httpMethod": "POST",
        "headers": {"header1": "value1", "header2": "value2", "Cookie": "cookie1=one; cookie2=two"},
        "multiValueHeaders": {
            "header1": ["value1"],
            "header2": ["value1", "value2"],
            "Cookie": ["cookie1=one; cookie2=two"],
            "Content-Type": ["application/json"],
        },
        "queryStringParameters": {"parameter1": "value2", "parameter2": "value"},
        "multiValueQueryStringParameters": {"parameter1": ["value1", "value2"], "parameter2": ["value"]},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "id",
            "authorizer": {"claims": claims, "scopes": None},
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "extendedRequestId": "request-id",
            "httpMethod": "POST",
            "identity": {"accessKey": None, "sourceIp": "192.0.2.1", "userAgent": "user-agent"},
            "path": "/my/value1",
            "protocol": "HTTP/1.1",
            "requestId": "id=",
            "requestTime": "04/Mar/2020:19:15:17 +0000",
            "requestTimeEpoch": 1583349317135,
            "resourceId": "POST /my/{parameter1}",
            "resourcePath": "/my/{parameter1}",
            "stage": "$default",
        },
        "pathParameters": {"parameter1": "value1"},
        "stageVariables": None,
        "body": '{"message": "hello"}',
        "isBase64Encoded": False,
    }
    return {**event, **changes}


def rest_api(claims: dict[str, Any] | None = None, **changes: object) -> dict[str, Any]:
    """The event of a REST API (APG: set-up-lambda-proxy-integrations): 1.0 without a version."""
    event = http_api_1_0(claims, **changes)
    context = {**event["requestContext"], "resourceId": "us4z18"}
    if claims is None:
        del context["authorizer"]
    del event["version"]
    return {**event, "requestContext": context, "stageVariables": None}
