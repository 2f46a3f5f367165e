"""Payload format 1.0. What a request lacks is null.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

from toolchain.local.http_api.bodies import encode_body
from toolchain.local.http_api.particulars import Particulars, domain_of
from toolchain.local.http_api.requests import Request

_NOBODY = orjson.Fragment(b'{"claims":null,"scopes":null}')


def event_1_0(of: Particulars) -> dict[str, Any]:
    """`path` is not decoded, path parameters are; of repeated ones, the plain mappings have the last.

    Both as in aws-lambda-dotnet's LambdaTestTool-v2 (HttpContextTestCases, HttpV1), which was written
    beside the real service; the documentation's example shows the first query parameter.
    """
    request, route = of.request, of.match.route
    multiple = _gather(of.headers)
    query = _gather(parse_qsl(request.query, keep_blank_values=True))
    headers = {name: values[-1] for name, values in multiple.items()}
    body, is_base64 = encode_body(of.body, headers.get("content-type", "")) if of.body else (None, False)
    return {
        "version": "1.0",
        "resource": route.path,
        "path": request.raw_path,
        "httpMethod": request.method,
        "headers": headers,
        "multiValueHeaders": multiple,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "requestContext": _context_1_0(of, headers),
        "pathParameters": of.match.path_parameters,
        "stageVariables": dict(of.api.stage_variables) or None,
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _context_1_0(of: Particulars, headers: Mapping[str, str]) -> dict[str, Any]:
    api, request, route = of.api, of.request, of.match.route
    domain_name, domain_prefix = domain_of(headers.get("host"), api)
    return {
        "accountId": api.account_id,
        "apiId": api.api_id,
        "authorizer": of.caller or _NOBODY,
        "domainName": domain_name,
        "domainPrefix": domain_prefix,
        "extendedRequestId": request.id,
        "httpMethod": request.method,
        "identity": _identity(request, headers),
        "path": request.raw_path,
        "protocol": request.protocol,
        "requestId": request.id,
        "requestTime": of.time,
        "requestTimeEpoch": int(request.received_at * 1000),
        "resourceId": route.key,
        "resourcePath": route.path,
        "stage": api.stage,
    }


def _identity(request: Request, headers: Mapping[str, str]) -> dict[str, Any]:
    """Only the address and the program are known of a caller with a token."""
    unknown = (
        "accessKey accountId caller cognitoAuthenticationProvider cognitoAuthenticationType "
        "cognitoIdentityId cognitoIdentityPoolId principalOrgId user userArn"
    )
    return {
        **dict.fromkeys(unknown.split()),
        "sourceIp": request.source_ip,
        "userAgent": headers.get("user-agent", ""),
    }


def _gather(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for name, value in fields:
        gathered.setdefault(name, []).append(value)
    return gathered
