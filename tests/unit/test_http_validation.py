"""Requests against models: every problem at once, no value in any message."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from lib.http.gateway import parse_request
from lib.http.models import Body, PathParameters, Query
from lib.http.pagination import PageQuery, page
from lib.http.problems import ProblemError
from lib.http.requests import Request
from lib.http.validation import validate
from tests.unit.http_events import http_api_2_0


def _no_spaces(text: str) -> str:
    if " " in text:
        raise ValueError("has a space, which is not allowed")
    return text


def _known(text: str) -> str:
    if text == "hunter2":
        raise AssertionError("is unknown, sorry")  # as `assert` does, outside of pytest
    return text


def _email(text: str) -> str:
    """Refuse as EmailStr does."""
    raise PydanticCustomError(
        "value_error", "value is not a valid email address: {reason}", {"reason": f"{text}, no @"}
    )


def _colour(text: str) -> str:
    raise PydanticCustomError("colour", "value is not a colour: {text}", {"text": text})


class Address(BaseModel):
    zip_code: str = Field(alias="zip/code", max_length=5)


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]
    name: str = ""


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: int = Field(gt=0)
    nickname: Annotated[str, AfterValidator(_no_spaces)] = "x"
    due: datetime | None = None
    id: UUID | None = None
    addresses: list[Address] = Field(default_factory=list)
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    known: Annotated[str, AfterValidator(_known)] = "x"
    email: Annotated[str, AfterValidator(_email)] | None = None
    colour: Annotated[str, AfterValidator(_colour)] | None = None
    place: int | Address | list[Address] | None = None
    stock: dict[int, Address] = Field(default_factory=dict)
    pair: tuple[int, int] | None = None


class Search(PageQuery):
    tags: list[str] = Field(default_factory=list)
    sizes: set[int] | None = None
    name: str | None = Field(default=None, alias="full-name")


def _validate(body: str | None = None, query: str | None = None) -> Request[Any, Any]:
    request = parse_request(http_api_2_0(body=body, rawQueryString=query or ""))
    return validate(
        request,
        body=Order if body is not None else None,
        query=Search if query is not None else None,
        max_body_bytes=10_000,
    )


def _problem(body: str | None = None, query: str | None = None) -> tuple[int, Any]:
    with pytest.raises(ProblemError) as caught:
        _validate(body, query)
    content = caught.value.response("id").content
    return caught.value.status, content


def test_models_are_made() -> None:
    request = _validate('{"amount": 3, "due": "2026-01-31T12:00:00Z"}', "limit=7&tags=a&tags=b&full-name=Ada")
    assert request.body == Order(amount=3, due=datetime(2026, 1, 31, 12, tzinfo=UTC))
    assert request.query.model_dump() == {
        "limit": 7,
        "cursor": None,
        "tags": ["a", "b"],
        "sizes": None,
        "name": "Ada",
    }


def test_one_problem_in_full() -> None:
    """RFC 9457, 3: `errors` with JSON pointers is its own example."""
    assert _problem('{"amount": 0}') == (
        422,
        {
            "type": "urn:problem-type:invalid-request",
            "title": "Unprocessable Content",
            "status": 422,
            "detail": "Input should be greater than 0",
            "instance": "id",
            "errors": [{"detail": "Input should be greater than 0", "pointer": "#/amount"}],
        },
    )


def test_all_problems_at_once() -> None:
    status, problem = _problem('{"addresses": [{"zip/code": "123456"}, {}], "x": 1}', "limit=0&colour=red")
    assert (status, problem["detail"]) == (422, "6 of the values can't be accepted.")
    assert problem["errors"] == [
        {"detail": "Field required", "pointer": "#/amount"},
        {"detail": "String should have at most 5 characters", "pointer": "#/addresses/0/zip~1code"},
        {"detail": "Field required", "pointer": "#/addresses/1/zip~1code"},
        {"detail": "Extra inputs are not permitted", "pointer": "#/x"},
        {"detail": "Input should be greater than or equal to 1", "parameter": "limit"},
        {"detail": "Extra inputs are not permitted", "parameter": "colour"},
    ]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"amount": "hunter2"}', "Input should be a valid integer, unable to parse string as an integer"),
        ('{"amount": 1, "due": "hunter2"}', "Input should be a valid datetime or date"),
        ('{"amount": 1, "id": "hunter2"}', "Input should be a valid UUID"),
        ('{"amount": 1, "nickname": "hunter2 x"}', "has a space, which is not allowed"),
        ('{"amount": 1, "pet": {"kind": "hunter2"}}', "Input should be one of 'cat', 'dog'"),
        ('{"amount": 1, "known": "hunter2"}', "is unknown, sorry"),
        ('{"amount": 1, "email": "hunter2"}', "value is not a valid email address"),
        ('{"amount": 1, "colour": "hunter2"}', "value is not a colour"),
        ('["hunter2"]', "Input should be an object"),
        ('"hunter2"', "Input should be an object"),
    ],
)
def test_no_value_is_echoed(body: str, detail: str) -> None:
    """What a parser says of a value may quote it, so its part of the message is left out."""
    status, problem = _problem(body)
    assert status == 422
    assert problem["errors"][0]["detail"] == detail
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize(
    ("member", "pointers"),
    [
        ('"pet": {"kind": "dog", "name": 1}', ["#/pet/name"]),
        ('"pet": {}', ["#/pet"]),
        ('"place": {"zip/code": 1}', ["#/place", "#/place/zip~1code", "#/place"]),
        ('"place": {}', ["#/place", "#/place/zip~1code", "#/place"]),
        ('"place": [{"zip/code": 1}]', ["#/place", "#/place", "#/place/0/zip~1code"]),
        ('"stock": {"a": {"zip/code": "1"}, "1": {"zip/code": 1}}', ["#/stock/a", "#/stock/1/zip~1code"]),
        ('"stock": {"1": {}}', ["#/stock/1/zip~1code"]),
        ('"pair": [1]', ["#/pair/1"]),
        ('"pair": [1, 2, 3]', ["#/pair"]),
    ],
)
def test_pointers_point_into_the_body(member: str, pointers: list[str]) -> None:
    """To what is there, or missing; the members of a union and the like are no part of it."""
    body = f'{{"amount": 1, {member}}}'
    _, problem = _problem(body)
    assert [error["pointer"] for error in problem["errors"]] == pointers


def test_names_of_the_client_are_shortened_and_encoded() -> None:
    _, problem = _problem(json.dumps({"amount": 1, "x" * 1000: 1, "a b~/ü": 1}))
    assert [error["pointer"] for error in problem["errors"]] == [
        "#/" + "x" * 64 + "...",
        "#/a%20b~0~1%C3%BC",
    ]


def test_the_list_of_problems_has_an_end() -> None:
    body = json.dumps({"amount": 1, **{f"x{number}": 1 for number in range(500)}})
    _, problem = _problem(body)
    assert problem["detail"] == "500 of the values can't be accepted."
    assert len(problem["errors"]) == 100


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("limit=1&limit=2", [{"detail": "Give this once.", "parameter": "limit"}]),
        ("limit=201", [{"detail": "Input should be less than or equal to 200", "parameter": "limit"}]),
        ("cursor=", [{"detail": "String should have at least 1 character", "parameter": "cursor"}]),
        ("name=Ada", [{"detail": "Extra inputs are not permitted", "parameter": "name"}]),
        (
            "sizes=1&sizes=big",
            [
                {
                    "detail": "Input should be a valid integer, unable to parse string as an integer",
                    "parameter": "sizes",
                }
            ],
        ),
    ],
)
def test_queries(query: str, errors: list[dict[str, str]]) -> None:
    """A query that breaks a rule is a bad request: 422 is said of content (RFC 9110, 15.5.21)."""
    status, problem = _problem(query=query)
    assert (status, problem["errors"]) == (400, errors)


class Strict(Body):
    count: int = 0
    ratio: float = 0
    is_new: bool = False
    name: str = ""
    at: datetime | None = None


@pytest.mark.parametrize(
    ("member", "detail"),
    [
        ({"count": "1"}, "Input should be a valid integer"),
        ({"count": 1.0}, "Input should be a valid integer"),
        ({"ratio": "1"}, "Input should be a valid number"),
        ({"is_new": 1}, "Input should be a valid boolean"),
        ({"is_new": "yes"}, "Input should be a valid boolean"),
        ({"name": 1}, "Input should be a valid string"),
        ({"at": 0}, "Input should be a valid datetime"),
    ],
)
def test_a_body_has_json_s_own_types(member: dict[str, object], detail: str) -> None:
    """A client that sends numbers in quotes has a mistake that one day would matter."""
    request = parse_request(http_api_2_0(body=json.dumps(member)))
    with pytest.raises(ProblemError) as caught:
        validate(request, body=Strict, query=None, max_body_bytes=1000)
    assert caught.value.detail == detail


class Measured(Query):
    price: float = 0


class At(PathParameters):
    latitude: float


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" + "0" * 400, "inf", "-Infinity", "nan"])
def test_numbers_of_queries_and_paths_are_finite(number: str) -> None:
    """JSON has no other ones to answer with."""
    event = http_api_2_0(pathParameters={"latitude": number}, rawQueryString=f"price={number}")
    with pytest.raises(ProblemError) as caught:
        validate(parse_request(event), body=None, query=Measured, path=At, max_body_bytes=10)
    assert (caught.value.status, caught.value.members["errors"]) == (
        400,
        [
            {"detail": "Input should be a finite number", "parameter": "latitude"},
            {"detail": "Input should be a finite number", "parameter": "price"},
        ],
    )


def test_an_integer_that_is_no_finite_number_is_refused() -> None:
    """The text is good JSON; for a field that is a float it is too large."""
    request = parse_request(http_api_2_0(body=f'{{"ratio": 1{"0" * 400}}}'))
    with pytest.raises(ProblemError) as caught:
        validate(request, body=Strict, query=None, max_body_bytes=1000)
    assert (caught.value.status, caught.value.detail) == (422, "Input should be a finite number")


def test_what_json_has_no_type_for_is_text() -> None:
    request = parse_request(http_api_2_0(body='{"ratio": 1, "at": "2026-01-31T12:00:00Z"}'))
    made = validate(request, body=Strict, query=None, max_body_bytes=1000).body
    assert made == Strict(ratio=1.0, at=datetime(2026, 1, 31, 12, tzinfo=UTC))


def test_pages() -> None:
    assert page(["a", "b"], next_cursor="c") == {"items": ["a", "b"], "next": "c"}
    assert page((), next_cursor=None) == {"items": [], "next": None}
