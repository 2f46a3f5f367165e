"""Who may use a route."""

import json
from typing import Any

import pytest

from lib.http.access import RouteGroupsError, check_access, parse_route_groups
from lib.http.gateway import parse_request
from lib.http.problems import ForbiddenError, UnauthorizedError
from tests.unit.http_events import ACCESS_TOKEN_CLAIMS, MakeEvent, http_api_1_0, http_api_2_0, rest_api

ROUTE = "POST /my/{parameter1}"


def _check(routes: dict[str, Any], event: dict[str, Any]) -> None:
    check_access(parse_request(event), parse_route_groups({"HTTP_ROUTE_GROUPS": json.dumps(routes)}))


def _member_of(groups: object) -> dict[str, Any]:
    return {**ACCESS_TOKEN_CLAIMS, "cognito:groups": groups}


def test_a_public_route_is_open_to_everybody() -> None:
    _check({ROUTE: None}, http_api_2_0())
    _check({ROUTE: None}, http_api_2_0(ACCESS_TOKEN_CLAIMS))


def test_a_route_without_groups_needs_somebody_signed_in() -> None:
    _check({ROUTE: []}, http_api_2_0(ACCESS_TOKEN_CLAIMS))
    with pytest.raises(UnauthorizedError):
        _check({ROUTE: []}, http_api_2_0())


@pytest.mark.parametrize(
    ("make", "groups"),
    [
        (http_api_2_0, "[admins]"),
        (http_api_2_0, "[editors admins]"),
        (http_api_2_0, ["admins"]),
        (http_api_1_0, "[editors admins]"),
        (http_api_1_0, ["editors", "admins"]),
        (rest_api, "admins"),
        (rest_api, "editors,admins"),
    ],
)
def test_members_of_one_of_the_groups_may_pass(make: MakeEvent, groups: object) -> None:
    """An HTTP API renders a list of claims as `[a b]`, a REST API as `a,b`."""
    _check({ROUTE: ["admins", "owners"]}, make(_member_of(groups)))


@pytest.mark.parametrize(
    ("make", "claims"),
    [
        (http_api_2_0, ACCESS_TOKEN_CLAIMS),
        (http_api_2_0, _member_of("[]")),
        (http_api_2_0, _member_of("[admin]")),
        (http_api_2_0, _member_of("[superadmins admins2]")),
        (http_api_2_0, _member_of("[Admins]")),
        (http_api_2_0, _member_of("admins")),
        (http_api_2_0, _member_of("x,admins")),
        (http_api_2_0, _member_of("[x,admins]")),
        (http_api_2_0, _member_of({"admins": True})),
        (http_api_2_0, _member_of([["admins"]])),
        (http_api_2_0, _member_of(None)),
        (http_api_1_0, _member_of("x,admins")),
        (rest_api, _member_of("[editors admins]")),
    ],
)
def test_others_may_not(make: MakeEvent, claims: dict[str, Any]) -> None:
    """What is not exactly the name of a group, rendered as this API renders it, is no membership."""
    with pytest.raises(ForbiddenError) as caught:
        _check({ROUTE: ["admins"]}, make(claims))
    assert caught.value.detail == "This needs a group that you are not a member of."


def test_a_group_is_asked_of_the_signed_in_only() -> None:
    with pytest.raises(UnauthorizedError):
        _check({ROUTE: ["admins"]}, http_api_2_0())


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer forged"},
        {"x-amzn-claims": json.dumps(_member_of("[admins]"))},
        {"x-amzn-oidc-data": "forged", "x-amzn-oidc-identity": "root"},
        {"requestcontext": json.dumps({"authorizer": {"jwt": {"claims": _member_of("[admins]")}}})},
        {"cognito:groups": "admins", "sub": "root"},
    ],
)
def test_headers_forge_no_claims(headers: dict[str, str]) -> None:
    """Claims come from `requestContext.authorizer`; a header can be sent by anyone."""
    with pytest.raises(UnauthorizedError):
        _check({ROUTE: ["admins"]}, http_api_2_0(headers=headers))
    with pytest.raises(ForbiddenError):
        _check({ROUTE: ["admins"]}, http_api_2_0(ACCESS_TOKEN_CLAIMS, headers=headers))


@pytest.mark.parametrize(
    "authorizer",
    [
        {"lambda": {"claims": {"sub": "root", "cognito:groups": "[admins]"}}},
        {"claims": '{"sub": "root", "cognito:groups": "[admins]"}'},
        {"iam": {"userArn": "arn:aws:iam::123456789012:root"}},
        {"jwt": {"claims": {"cognito:groups": "[admins]"}}},
        {"jwt": {"claims": {"sub": "", "cognito:groups": "[admins]"}}},
        {"jwt": None},
    ],
)
def test_only_a_jwt_authorizers_subject_is_signed_in(authorizer: dict[str, Any]) -> None:
    event = http_api_2_0()
    event["requestContext"]["authorizer"] = authorizer
    with pytest.raises(UnauthorizedError):
        _check({ROUTE: []}, event)


def test_a_route_that_is_not_declared_is_denied() -> None:
    for routes in ({}, {"GET /my/{parameter1}": None}, {"POST /my": None}, {"$default": None}):
        with pytest.raises(ForbiddenError):
            _check(routes, http_api_2_0(_member_of("[admins]")))


def test_a_rest_api_may_have_declared_any_method() -> None:
    _check({"ANY /my/{parameter1}": ["admins"]}, rest_api(_member_of("admins")))
    with pytest.raises(ForbiddenError):
        _check({"ANY /my/{parameter1}": ["admins"]}, rest_api(_member_of("editors")))


EXPECTED = 'HTTP_ROUTE_GROUPS is not like {"GET /users": ["admins"], "GET /health": null}'


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({}, "HTTP_ROUTE_GROUPS is not set; function.yaml's http triggers give it"),
        ({"HTTP_ROUTE_GROUPS": ""}, "HTTP_ROUTE_GROUPS is not JSON"),
        ({"HTTP_ROUTE_GROUPS": "admins"}, "HTTP_ROUTE_GROUPS is not JSON"),
        ({"HTTP_ROUTE_GROUPS": "[]"}, EXPECTED),
        ({"HTTP_ROUTE_GROUPS": '{"GET /users": "admins"}'}, EXPECTED),
        ({"HTTP_ROUTE_GROUPS": '{"GET /users": [1]}'}, EXPECTED),
        ({"HTTP_ROUTE_GROUPS": '{"GET /users": false}'}, EXPECTED),
    ],
)
def test_a_wrong_declaration_denies_everything(environ: dict[str, str], message: str) -> None:
    with pytest.raises(RouteGroupsError) as caught:
        parse_route_groups(environ)
    assert str(caught.value) == message
