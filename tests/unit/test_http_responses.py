"""Answers as API Gateway wants them, and values as JSON."""

import base64
import json
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from ipaddress import IPv6Address
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, HttpUrl, SecretStr

from lib.http.cookies import Cookie
from lib.http.encoding import to_json
from lib.http.problems import (
    ConflictError,
    NotFoundError,
    ProblemError,
    ServiceUnavailableError,
    TooManyRequestsError,
    UnauthorizedError,
)
from lib.http.responses import Response, as_response, render

DEFAULTS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


@pytest.mark.parametrize(
    ("result", "rendered"),
    [
        (
            {"id": 7},
            {
                "statusCode": 200,
                "headers": {**DEFAULTS, "content-type": "application/json"},
                "body": '{"id":7}',
                "isBase64Encoded": False,
            },
        ),
        (None, {"statusCode": 204, "headers": DEFAULTS}),
        (
            [],
            {
                "statusCode": 200,
                "headers": {**DEFAULTS, "content-type": "application/json"},
                "body": "[]",
                "isBase64Encoded": False,
            },
        ),
        (Response(status=304, content="ignored"), {"statusCode": 304, "headers": DEFAULTS}),
        (
            Response({"ü": 1}, status=201, headers={"Location": "/things/1", "Cache-Control": "max-age=60"}),
            {
                "statusCode": 201,
                "headers": {
                    "cache-control": "max-age=60",
                    "x-content-type-options": "nosniff",
                    "content-type": "application/json",
                    "location": "/things/1",
                },
                "body": '{"ü":1}',
                "isBase64Encoded": False,
            },
        ),
        (
            Response(b"\x89PNG", headers={"content-type": "image/png"}),
            {
                "statusCode": 200,
                "headers": {**DEFAULTS, "content-type": "image/png"},
                "body": base64.b64encode(b"\x89PNG").decode(),
                "isBase64Encoded": True,
            },
        ),
    ],
)
def test_render(result: object, rendered: dict[str, Any]) -> None:
    assert render(as_response(result), "2.0") == rendered


def test_cookies_in_both_formats() -> None:
    """Format 1.0 has one value for each header, unless they are multiValueHeaders."""
    response = Response(cookies=(Cookie("a", "1"), Cookie("b", "2", max_age_seconds=0, same_site="Strict")))
    cookies = [
        "a=1; Path=/; Secure; HttpOnly; SameSite=Lax",
        "b=2; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict",
    ]
    assert render(response, "2.0")["cookies"] == cookies
    assert render(response, "1.0")["multiValueHeaders"] == {"set-cookie": cookies}
    assert "cookies" not in render(response, "1.0")


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (
            {"location": "/x\r\nset-cookie: a=b"},
            "header 'location' or its value has a character that HTTP does not allow",
        ),
        (
            {"x y": "1"},
            "header 'x y' or its value has a character that HTTP does not allow",
        ),
    ],
)
def test_headers_cannot_be_split(headers: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared as a whole
        render(Response(headers=headers), "2.0")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a b", "1"), "a cookie's name has letters, digits and !#$%&'*+-.^_`|~ only"),
        (("a", "1; Domain=x"), "the value of cookie a has a character that must be encoded"),
        (("a", "ü"), "the value of cookie a has a character that must be encoded"),
        (("a", "1", None, "/;x"), "the path of cookie a must start with / and have no ; or space"),
    ],
)
def test_cookies_cannot_be_split(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared as a whole
        Cookie(*arguments)
    assert str(caught.value) == message


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    at: datetime


@dataclass(frozen=True)
class Outer:
    inner: Inner
    tags: frozenset[str]


class Model(BaseModel):
    at: datetime = Field(serialization_alias="createdAt")
    inner: Inner


class Link(BaseModel):
    to: HttpUrl
    lifetime: timedelta


NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
BERLIN_NOON = datetime(2026, 1, 31, 13, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (NOON, '"2026-01-31T12:00:00Z"'),
        (BERLIN_NOON, '"2026-01-31T12:00:00Z"'),
        (NOON.replace(microsecond=120000), '"2026-01-31T12:00:00.120000Z"'),
        (date(2026, 1, 31), '"2026-01-31"'),
        (Decimal("1.10"), '"1.10"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (Colour.RED, '"red"'),
        ({"b", "a"}, '["a","b"]'),
        ((1, None, True), "[1,null,true]"),
        (timedelta(hours=1, seconds=2), '"PT1H2S"'),
        (HttpUrl("https://example.com/a"), '"https://example.com/a"'),
        (IPv6Address("::1"), '"::1"'),
        (
            Link(to=HttpUrl("https://example.com"), lifetime=timedelta(days=1)),
            '{"to":"https://example.com/","lifetime":"P1D"}',
        ),
        (Outer(Inner(BERLIN_NOON), frozenset({"x"})), '{"inner":{"at":"2026-01-31T12:00:00Z"},"tags":["x"]}'),
        (
            Model(at=BERLIN_NOON, inner=Inner(NOON)),
            '{"createdAt":"2026-01-31T12:00:00Z","inner":{"at":"2026-01-31T12:00:00Z"}}',
        ),
    ],
)
def test_to_json(value: object, text: str) -> None:
    assert to_json(value) == text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), "object has no JSON form"),
        (Outer, "type has no JSON form"),
        (b"bytes", "bytes has no JSON form"),
        (bytearray(b"bytes"), "bytearray has no JSON form"),
        ((str(number) for number in range(2)), "generator has no JSON form"),
        (SecretStr("hunter2"), "SecretStr has no JSON form"),
        (NOON.replace(tzinfo=None), "a time without a zone has no one meaning; make it aware"),
    ],
)
def test_what_has_no_json_form(value: object, message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        to_json({"value": value})
    assert str(caught.value) == message


def test_a_function_without_models_is_not_made_to_load_pydantic(monkeypatch: pytest.MonkeyPatch) -> None:
    """That takes longer than most answers."""
    monkeypatch.delitem(sys.modules, "pydantic_core")
    with pytest.raises(TypeError, match=r"^timedelta has no JSON form$"):
        to_json(timedelta(1))
    assert "pydantic_core" not in sys.modules


def test_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(float("nan"))


@pytest.mark.parametrize(
    ("error", "problem", "headers"),
    [
        (
            NotFoundError(),
            {"type": "about:blank", "title": "Not Found", "status": 404, "instance": "id"},
            {},
        ),
        (
            ConflictError("It is taken.", type="urn:problem-type:taken", members={"field": "name"}),
            {
                "type": "urn:problem-type:taken",
                "title": "Conflict",
                "status": 409,
                "detail": "It is taken.",
                "instance": "id",
                "field": "name",
            },
            {},
        ),
        (
            UnauthorizedError(),
            {"type": "about:blank", "title": "Unauthorized", "status": 401, "instance": "id"},
            {"www-authenticate": "Bearer"},
        ),
        (
            ServiceUnavailableError(retry_after_seconds=5),
            {"type": "about:blank", "title": "Service Unavailable", "status": 503, "instance": "id"},
            {"retry-after": "5"},
        ),
        (
            TooManyRequestsError(retry_after_seconds=60),
            {"type": "about:blank", "title": "Too Many Requests", "status": 429, "instance": "id"},
            {"retry-after": "60"},
        ),
    ],
)
def test_problems(error: ProblemError, problem: dict[str, Any], headers: dict[str, str]) -> None:
    """RFC 9457: the members, the media type, and what else the status asks for."""
    rendered = render(error.response("id"), "2.0")
    assert json.loads(rendered["body"]) == problem
    assert rendered["statusCode"] == problem["status"]
    assert rendered["headers"] == {**DEFAULTS, "content-type": "application/problem+json", **headers}
