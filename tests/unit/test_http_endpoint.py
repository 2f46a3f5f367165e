"""@endpoint: from an event of API Gateway to its answer."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, Field

from lib import http
from lib.http.cookies import Cookie
from lib.http.gateway import NotAnHttpEventError
from tests.unit.http_events import (
    ACCESS_TOKEN_CLAIMS,
    SUB,
    Context,
    MakeEvent,
    http_api_1_0,
    http_api_2_0,
    rest_api,
)
from tests.unit.log_records import recorded

PUBLIC = {"HTTP_ROUTE_GROUPS": '{"POST /my/{parameter1}": null}'}
SIGNED_IN = {"HTTP_ROUTE_GROUPS": '{"POST /my/{parameter1}": []}'}


class Message(BaseModel):
    message: str = Field(max_length=20)


class Search(BaseModel):
    parameter1: list[str]
    parameter2: str


class TakenError(Exception):
    """An error of the domain."""


def _translate(error: Exception) -> http.ProblemError | None:
    return http.ConflictError("It is taken.") if isinstance(error, TakenError) else None


def _problem(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["headers"]["content-type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(answer["body"])
    assert answer["statusCode"] == problem["status"]
    return problem


@pytest.mark.parametrize("make", [http_api_2_0, http_api_1_0, rest_api])
def test_a_request_and_its_answer(make: MakeEvent) -> None:
    """Claims, path, query and body arrive typed, in every payload format."""

    @http.endpoint(SIGNED_IN, body=Message, query=Search)
    def handler(request: http.Request[Message, Search], greeting: str = "hello") -> dict[str, object]:
        return {
            "who": request.claims.subject,
            "what": [greeting, request.body.message, request.query.parameter1],
            "where": request.path_parameters["parameter1"],
        }

    answer = handler(make(ACCESS_TOKEN_CLAIMS), Context(), greeting="good day")
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {
        "who": SUB,
        "what": ["good day", "hello", ["value1", "value2"]],
        "where": "value1",
    }


@pytest.mark.parametrize("make", [http_api_2_0, http_api_1_0])
def test_cookies_have_the_format_of_the_request(make: MakeEvent) -> None:
    @http.endpoint(PUBLIC)
    def handler(_: http.Request) -> http.Response:
        return http.Response(cookies=(Cookie("a", "1"),))

    answer = handler(make(), Context())
    assert ("cookies" in answer, "multiValueHeaders" in answer) == (
        make is http_api_2_0,
        make is http_api_1_0,
    )


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (
            http.NotFoundError("There is no such thing."),
            {"title": "Not Found", "status": 404, "detail": "There is no such thing."},
        ),
        (TakenError("secret"), {"title": "Conflict", "status": 409, "detail": "It is taken."}),
        (ValueError("secret"), {"title": "Internal Server Error", "status": 500}),
        (RecursionError("secret"), {"title": "Internal Server Error", "status": 500}),
        (
            http.ServiceUnavailableError("Try again.", retry_after_seconds=2),
            {"title": "Service Unavailable", "status": 503, "detail": "Try again."},
        ),
    ],
)
def test_errors_become_problems(error: Exception, problem: dict[str, Any]) -> None:
    """Never a 200, and never the text of an error that was not meant for clients."""

    @http.endpoint(PUBLIC, problems=_translate)
    def handler(_: http.Request) -> None:
        raise error

    answer = handler(http_api_2_0(), Context())
    assert _problem(answer) == {"type": "about:blank", **problem, "instance": "JKJaXmPLvHcESHA="}


def test_an_unexpected_error_is_logged_in_full() -> None:
    """The client learns the request id, by which the record is found."""

    @http.endpoint(PUBLIC, problems=_translate)
    def handler(_: http.Request) -> None:
        raise KeyError("secret")

    with recorded() as records:
        handler(http_api_2_0(), Context("lambda-id"))
    failure, answered = records
    assert failure["message"] == "Internal Server Error"
    assert failure["function_request_id"] == "lambda-id"
    assert failure["api_request_id"] == "JKJaXmPLvHcESHA="
    assert failure["exception"].startswith("Traceback (most recent call last):")
    assert failure["exception"].endswith("KeyError: 'secret'")
    assert (answered["message"], answered["status"]) == ("answered", 500)


def test_what_is_the_clients_fault_is_no_error_of_ours() -> None:
    @http.endpoint(PUBLIC, body=Message)
    def handler(_: http.Request[Message]) -> None: ...

    with recorded() as records:
        handler(http_api_2_0(body="{"), Context())
    assert [(record["level"], record["message"]) for record in records] == [("INFO", "answered")]


@pytest.mark.parametrize(
    ("environ", "claims", "status"),
    [
        (SIGNED_IN, None, 401),
        ({"HTTP_ROUTE_GROUPS": '{"POST /my/{parameter1}": ["admins"]}'}, ACCESS_TOKEN_CLAIMS, 403),
        ({"HTTP_ROUTE_GROUPS": "{}"}, ACCESS_TOKEN_CLAIMS, 403),
        ({}, ACCESS_TOKEN_CLAIMS, 500),
    ],
)
def test_denied_requests_never_reach_the_function(
    environ: dict[str, str], claims: dict[str, str] | None, status: int
) -> None:
    """Nor are their bodies looked at: who may not call learns nothing about the rules."""
    called = []

    @http.endpoint(environ, body=Message)
    def handler(_: http.Request[Message]) -> None:
        called.append(True)

    answer = handler(http_api_2_0(claims, body="{"), Context())
    assert (_problem(answer)["status"], called) == (status, [])


def test_a_body_may_be_too_large() -> None:
    @http.endpoint(PUBLIC, body=Message, max_body_bytes=10)
    def handler(_: http.Request[Message]) -> None: ...

    answer = handler(http_api_2_0(body="x" * 11), Context())
    assert _problem(answer)["detail"] == "The body is longer than 10 bytes."


def test_an_answer_without_json_form_is_an_internal_error() -> None:
    @http.endpoint(PUBLIC)
    def handler(_: http.Request) -> object:
        return {"x": object()}

    with recorded() as records:
        answer = handler(http_api_2_0(), Context())
    assert _problem(answer)["status"] == 500
    assert records[0]["exception"].endswith("TypeError: object has no JSON form")


def test_an_event_that_is_not_http_is_raised() -> None:
    """Nobody waits for an answer; Lambda has to see the failure."""

    @http.endpoint(PUBLIC)
    def handler(_: http.Request) -> None: ...

    with pytest.raises(NotAnHttpEventError):
        handler({"Records": []}, Context())
