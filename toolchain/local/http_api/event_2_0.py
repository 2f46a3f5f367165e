"""Payload format 2.0. What a request lacks is absent.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from toolchain.local.http_api.bodies import encode_body
from toolchain.local.http_api.particulars import Particulars, domain_of


def event_2_0(of: Particulars) -> dict[str, Any]:
    """Repeated headers and query parameters are joined by a comma; cookies are apart."""
    request, route = of.request, of.match.route
    headers, cookies = _join_headers(of.headers)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": _context_2_0(of, headers),
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if request.query:
        event["queryStringParameters"] = _join_query(request.query)
    if of.match.path_parameters:
        event["pathParameters"] = of.match.path_parameters
    if of.api.stage_variables:
        event["stageVariables"] = dict(of.api.stage_variables)
    if of.body:
        event["body"], event["isBase64Encoded"] = encode_body(of.body, headers.get("content-type", ""))
    return event


def _context_2_0(of: Particulars, headers: Mapping[str, str]) -> dict[str, Any]:
    api, request, route = of.api, of.request, of.match.route
    domain_name, domain_prefix = domain_of(headers.get("host"), api)
    context: dict[str, Any] = {
        "accountId": api.account_id,
        "apiId": api.api_id,
        "domainName": domain_name,
        "domainPrefix": domain_prefix,
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": request.id,
        "routeKey": route.key,
        "stage": api.stage,
        "time": of.time,
        "timeEpoch": int(request.received_at * 1000),
    }
    if of.caller is not None:
        context["authorizer"] = {"jwt": of.caller}
    return context


def _join_headers(fields: list[tuple[str, str]]) -> tuple[dict[str, str], list[str]]:
    """Headers by name, and the cookies of all Cookie headers, which are not among them."""
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for name, value in fields:
        if name == "cookie":
            cookies += [cookie.strip() for cookie in value.split(";") if cookie.strip()]
        elif name in headers:
            headers[name] += f",{value}"
        else:
            headers[name] = value
    return headers, cookies


def _join_query(query: str) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined
