"""Path parameters against a model."""

from uuid import UUID

import pytest
from pydantic import Field

from lib.http.gateway import parse_request
from lib.http.models import PathParameters
from lib.http.pagination import PageQuery
from lib.http.problems import ProblemError
from lib.http.validation import RouteError, validate
from tests.unit.http_events import http_api_2_0


class Thing(PathParameters):
    id: UUID
    version: int = Field(default=1, ge=1)


def test_path_parameters_are_made_into_the_model() -> None:
    """Others that the route has are left alone."""
    parameters = {"id": "8c3f1d0e-1111-4222-8333-944445555666", "version": "2", "proxy": "a/b"}
    request = parse_request(http_api_2_0(pathParameters=parameters))
    made = validate(request, body=None, query=None, path=Thing, max_body_bytes=10).parameters
    assert (made.id, made.version) == (UUID(parameters["id"]), 2)


def test_path_parameters_that_break_the_rules() -> None:
    """All of them at once, with those of the query."""
    event = http_api_2_0(pathParameters={"id": "42", "version": "0"}, rawQueryString="limit=x")
    with pytest.raises(ProblemError) as caught:
        validate(parse_request(event), body=None, query=PageQuery, path=Thing, max_body_bytes=10)
    assert caught.value.status == 400
    assert [each["parameter"] for each in caught.value.members["errors"]] == ["id", "version", "limit"]


def test_a_path_parameter_that_the_route_has_not() -> None:
    """No client can mend it: a 500, and a line in the log."""
    event = http_api_2_0(pathParameters={"version": "1"})
    with pytest.raises(RouteError, match=r"^Thing has id, but the route's path does not$"):
        validate(parse_request(event), body=None, query=None, path=Thing, max_body_bytes=10)
