"""Requests as API Gateway's HTTP APIs pass them on, in both payload formats.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import json
from typing import Any

from toolchain.events import identity
from toolchain.manifest.http_trigger import HttpTrigger
from toolchain.manifest.routes import DEFAULT, parameters

_API_ID = "a1b2c3d4e5"
_DOMAIN = f"{_API_ID}.execute-api.{identity.REGION}.amazonaws.com"
_REQUEST_ID = "JKJaXmPLvHcESHA="
_USER_AGENT = "curl/8.11.1"
_TIME = identity.MOMENT.strftime("%d/%b/%Y:%H:%M:%S %z")
_BODY = {"name": identity.NAME}
_METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


def http_event(trigger: HttpTrigger) -> dict[str, Any]:
    """A request that the trigger's route takes, by the sample user unless the route is public."""
    return _version_1(trigger) if trigger.payload_format_version == "1.0" else _version_2(trigger)


def _version_2(trigger: HttpTrigger) -> dict[str, Any]:
    """What is absent from the request is absent from the event, not null."""
    method, path, values, body = _request(trigger)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": trigger.route_key,
        "rawPath": path,
        "rawQueryString": "",
        "headers": _headers(trigger, body),
        "requestContext": {
            "accountId": identity.ACCOUNT_ID,
            "apiId": _API_ID,
            **_authorizer_2(trigger),
            "domainName": _DOMAIN,
            "domainPrefix": _API_ID,
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": identity.SOURCE_IP,
                "userAgent": _USER_AGENT,
            },
            "requestId": _REQUEST_ID,
            "routeKey": trigger.route_key,
            "stage": "$default",
            "time": _TIME,
            "timeEpoch": identity.EPOCH_MILLISECONDS,
        },
        "isBase64Encoded": False,
    }
    if values:
        event["pathParameters"] = values
    if body is not None:
        event["body"] = body
    return event


def _authorizer_2(trigger: HttpTrigger) -> dict[str, Any]:
    if trigger.auth is None:
        return {}
    claims = identity.access_token_claims(trigger.auth)
    return {"authorizer": {"jwt": {"claims": claims, "scopes": list(trigger.auth.scopes)}}}


def _version_1(trigger: HttpTrigger) -> dict[str, Any]:
    """What is absent from the request is null."""
    method, path, values, body = _request(trigger)
    headers = _headers(trigger, body)
    return {
        "version": "1.0",
        "resource": trigger.path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "requestContext": {
            "accountId": identity.ACCOUNT_ID,
            "apiId": _API_ID,
            "authorizer": _authorizer_1(trigger),
            "domainName": _DOMAIN,
            "domainPrefix": _API_ID,
            "extendedRequestId": _REQUEST_ID,
            "httpMethod": method,
            "identity": _caller(),
            "path": path,
            "protocol": "HTTP/1.1",
            "requestId": _REQUEST_ID,
            "requestTime": _TIME,
            "requestTimeEpoch": identity.EPOCH_MILLISECONDS,
            "resourceId": trigger.route_key,
            "resourcePath": trigger.path,
            "stage": "$default",
        },
        "pathParameters": values or None,
        "stageVariables": None,
        "body": body,
        "isBase64Encoded": False,
    }


def _authorizer_1(trigger: HttpTrigger) -> dict[str, Any]:
    if trigger.auth is None:
        return {"claims": None, "scopes": None}
    return {"claims": identity.access_token_claims(trigger.auth), "scopes": list(trigger.auth.scopes)}


def _caller() -> dict[str, Any]:
    """`identity` of format 1.0: only the address and the program are known of a caller with a token."""
    unknown = (
        "accessKey accountId caller cognitoAuthenticationProvider cognitoAuthenticationType "
        "cognitoIdentityId cognitoIdentityPoolId principalOrgId user userArn"
    )
    return {
        **dict.fromkeys(unknown.split()),
        "sourceIp": identity.SOURCE_IP,
        "userAgent": _USER_AGENT,
    }


def _request(trigger: HttpTrigger) -> tuple[str, str, dict[str, str], str | None]:
    """Method, path, path parameters and body."""
    method = "GET" if trigger.method == "ANY" else trigger.method
    body = json.dumps(_BODY) if method in _METHODS_WITH_BODY else None
    if trigger.path == DEFAULT:
        return method, "/somewhere/else", {}, body
    values = {name: _value(name, trigger.path) for name in parameters(trigger.path)}
    path = trigger.path
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", value).replace(f"{{{name}+}}", value)
    return method, path, values, body


def _value(name: str, path: str) -> str:
    """A likely value: a number for an id, several segments for a greedy parameter, else its name."""
    if f"{{{name}+}}" in path:
        return "reports/january.txt"
    return "42" if name.lower().endswith("id") else name.lower()


def _headers(trigger: HttpTrigger, body: str | None) -> dict[str, str]:
    headers = {
        "accept": "*/*",
        "content-length": str(len(body or "")),
        "host": _DOMAIN,
        "user-agent": _USER_AGENT,
        "x-amzn-trace-id": "Root=1-697deec0-4f1d2a3b5c6d7e8f90a1b2c3",
        "x-forwarded-for": identity.SOURCE_IP,
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }
    if trigger.auth:
        headers["authorization"] = "Bearer <access token>"
    if body is not None:
        headers["content-type"] = "application/json"
    return dict(sorted(headers.items()))
