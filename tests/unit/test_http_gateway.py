"""Events of API Gateway as requests."""

from typing import Any

import pytest

from lib.http.gateway import NotAnHttpEventError, parse_cookies, parse_request, payload_format
from lib.http.problems import BadRequestError
from tests.unit.http_events import ACCESS_TOKEN_CLAIMS, SUB, MakeEvent, http_api_1_0, http_api_2_0, rest_api

ALL_FORMATS = pytest.mark.parametrize("make", [http_api_2_0, http_api_1_0, rest_api])


@ALL_FORMATS
def test_every_format_gives_the_same_request(make: MakeEvent) -> None:
    """A handler cannot tell which format its route uses."""
    request = parse_request(make(ACCESS_TOKEN_CLAIMS))
    assert (request.method, request.path, request.route_key) == (
        "POST",
        "/my/value1",
        "POST /my/{parameter1}",
    )
    assert request.path_parameters == {"parameter1": "value1"}
    assert request.query_parameters == {"parameter1": ("value1", "value2"), "parameter2": ("value",)}
    assert request.headers["Header1"] == "value1"
    assert request.headers["HEADER2"].replace(" ", "") == "value1,value2"
    assert request.headers["content-type"] == "application/json"
    assert request.cookies == {"cookie1": "one", "cookie2": "two"}
    assert request.content == b'{"message": "hello"}'
    assert request.claims.subject == SUB


@ALL_FORMATS
def test_nobody_is_signed_in_without_an_authorizer(make: MakeEvent) -> None:
    assert parse_request(make()).verified_claims is None


@ALL_FORMATS
def test_absent_and_null_things_are_empty(make: MakeEvent) -> None:
    """HTTP APIs leave out what is not there, REST APIs say null."""
    event = make(
        body=None,
        headers=None,
        multiValueHeaders=None,
        queryStringParameters=None,
        multiValueQueryStringParameters=None,
        pathParameters=None,
        rawQueryString="",
        cookies=None,
    )
    request = parse_request(event)
    assert (request.content, dict(request.headers), request.query_parameters) == (b"", {}, {})
    assert (request.path_parameters, request.cookies) == ({}, {})


def test_the_raw_query_is_read() -> None:
    """In `queryStringParameters`, API Gateway's comma and the client's own look alike."""
    event = http_api_2_0(rawQueryString="a=1,2&a=3&empty=&plus=x+y&umlaut=%C3%BC")
    assert parse_request(event).query_parameters == {
        "a": ("1,2", "3"),
        "empty": ("",),
        "plus": ("x y",),
        "umlaut": ("ü",),
    }


def test_single_values_count_where_multiple_ones_are_missing() -> None:
    """AWS's own sample has an Origin among the headers that is not among the multiValueHeaders."""
    event = http_api_1_0(headers={"header1": "old", "Origin": "https://example.com"})
    assert parse_request(event).headers["origin"] == "https://example.com"
    assert parse_request(event).headers["header1"] == "value1"


def test_a_base64_body_is_decoded() -> None:
    event = http_api_2_0(body="AAEC/w==", isBase64Encoded=True)
    assert parse_request(event).content == b"\x00\x01\x02\xff"


@pytest.mark.parametrize(
    ("fields", "cookies"),
    [
        ([], {}),
        (["a=1; b=2", "c=3"], {"a": "1", "b": "2", "c": "3"}),
        (['a="quoted"'], {"a": "quoted"}),
        (["a=b=c"], {"a": "b=c"}),
        (["a=first; a=second"], {"a": "first"}),
        (["cookie1", "cookie2"], {}),
        (["", ";;", "a="], {"a": ""}),
    ],
)
def test_parse_cookies(fields: list[str], cookies: dict[str, str]) -> None:
    assert parse_cookies(fields) == cookies


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"body": "no base64", "isBase64Encoded": True}, "The body is said to be base64, and is not."),
        ({"rawQueryString": "name=%FF"}, "The query string is not UTF-8."),
    ],
)
def test_what_cannot_be_read_is_a_bad_request(changes: dict[str, Any], detail: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        parse_request(http_api_2_0(**changes))
    assert caught.value.detail == detail


@pytest.mark.parametrize(
    ("resource_id", "version", "route_key"),
    [
        ("ANY /my/{parameter1}", "1.0", "ANY /my/{parameter1}"),
        ("$default", "1.0", "$default"),
        (None, "1.0", "POST /my/{parameter1}"),
        ("us4z18", None, "POST /my/{parameter1}"),
    ],
)
def test_the_route_of_format_1_0(resource_id: str | None, version: str | None, route_key: str) -> None:
    """An HTTP API says it in `resourceId`, which is opaque in a REST API."""
    event = http_api_1_0()
    event["requestContext"]["resourceId"] = resource_id
    event["version"] = version
    assert parse_request(event).route_key == route_key


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": []},
        {"version": "0", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}},
        {"version": "1", "triggerSource": "PreSignUp_SignUp", "request": {}, "response": {}},
        {"requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": "GET", "path": "/"},
        {"requestContext": {"connectionId": "x", "eventType": "MESSAGE"}, "body": "hello"},
    ],
)
def test_other_events_are_refused(event: dict[str, Any]) -> None:
    """A wrong trigger is a mistake of ours, and no client is there to be told of it."""
    with pytest.raises(NotAnHttpEventError, match="the event is not one of an HTTP or REST API"):
        payload_format(event)


def test_a_request_shows_nothing_secret() -> None:
    """Headers, cookies, body and claims may get into a log by way of repr."""
    shown = repr(parse_request(http_api_2_0(ACCESS_TOKEN_CLAIMS)))
    assert shown == (
        "Request(method='POST', path='/my/value1', route_key='POST /my/{parameter1}', "
        "request_id='JKJaXmPLvHcESHA=')"
    )
