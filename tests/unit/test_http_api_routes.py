"""Routes as values, and which of them a request takes."""

from typing import Any

import pytest

from tests.unit.http_api_fakes import ISSUER, SIGN_IN
from toolchain.local.http_api import Authorization, Issuer, Route, Routes
from toolchain.local.http_api.routing import RouteTable
from toolchain.manifest import declaration, read_functions
from toolchain.project import Project


def _table(*keys: str) -> RouteTable:
    return RouteTable(Route(key, "function", None) for key in keys)


def _taken(table: RouteTable, method: str, path: str) -> tuple[str, dict[str, str] | None] | None:
    match = table.match(method, path)
    return match and (match.route.key, match.path_parameters)


# The example of http-api-develop-routes, "Routing API requests".
_PETS = _table("GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default")


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1", None),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}", {"id": "2"}),
        ("GET", "/pets/cat/1", "GET /pets/{proxy+}", {"proxy": "cat/1"}),
        ("POST", "/test/5", "ANY /{proxy+}", {"proxy": "test/5"}),
        ("POST", "/pets/dog/1", "ANY /{proxy+}", {"proxy": "pets/dog/1"}),
        ("GET", "/", "ANY /{proxy+}", {"proxy": ""}),
        ("GET", "/pets/dog/", "GET /pets/{proxy+}", {"proxy": "dog/"}),
        ("GET", "/pets", "ANY /{proxy+}", {"proxy": "pets"}),
    ],
)
def test_the_example_of_the_documentation(
    method: str, path: str, key: str, parameters: dict[str, str] | None
) -> None:
    assert _taken(_PETS, method, path) == (key, parameters)


@pytest.mark.parametrize(
    ("keys", "method", "path", "key"),
    [
        (["GET /api"], "GET", "/apiary", None),
        (["GET /api"], "GET", "/api/x", None),
        (["GET /api/{proxy+}"], "GET", "/apiary", None),
        (["GET /api/{proxy+}"], "GET", "/api", None),
        (["GET /api/{proxy+}"], "GET", "/api/", "GET /api/{proxy+}"),
        (["GET /users"], "GET", "/users/", None),
        (["GET /users"], "GET", "/Users", None),
        (["GET /users"], "GET", "//users", "GET /users"),
        (["GET /users/{id}"], "GET", "/users/", None),
        (["GET /users/{id}"], "GET", "/users/1/", None),
        (["GET /users/{id}"], "GET", "/users/a/b", None),
        (["GET /users"], "HEAD", "/users", None),
        (["GET /users"], "OPTIONS", "/users", None),
        (["HEAD /users"], "HEAD", "/users", "HEAD /users"),
        (["ANY /users"], "OPTIONS", "/users", "ANY /users"),
        (["ANY /users"], "TRACE", "/users", None),
        (["$default"], "GET", "/anything/at/all", "$default"),
        (["$default"], "PROPFIND", "/anything", None),
        (["ANY /users", "GET /users"], "GET", "/users", "GET /users"),
        (["ANY /users", "GET /users"], "POST", "/users", "ANY /users"),
        (["GET /{id}", "ANY /users"], "GET", "/users", "ANY /users"),
        (["POST /users", "GET /{id}"], "GET", "/users", "GET /{id}"),
        (["GET /{a}/{b}", "GET /users/{proxy+}"], "GET", "/users/1", "GET /{a}/{b}"),
        (["GET /{a}/x", "GET /users/{b}"], "GET", "/users/x", "GET /users/{b}"),
        (["GET /{proxy+}", "GET /a/{proxy+}"], "GET", "/a/b", "GET /a/{proxy+}"),
        (["GET /{x}/{proxy+}", "GET /a/{proxy+}"], "GET", "/a/b", "GET /a/{proxy+}"),
        (["GET /"], "GET", "/", "GET /"),
        (["GET /users"], "GET", "/", None),
        ([], "GET", "/", None),
    ],
)
def test_the_most_specific_route_is_taken(keys: list[str], method: str, path: str, key: str | None) -> None:
    """Whole segments count, whatever the order in which the routes are declared."""
    for order in (keys, keys[::-1]):
        taken = _taken(_table(*order), method, path)
        assert (taken and taken[0]) == key


def test_parameters_have_the_names_of_their_own_route() -> None:
    """Routes of one shape may name them differently."""
    table = _table("GET /users/{id}/files/{proxy+}", "PUT /users/{user}/files/{path+}")
    assert _taken(table, "GET", "/users/7/files/a/b") == (
        "GET /users/{id}/files/{proxy+}",
        {"id": "7", "proxy": "a/b"},
    )
    assert _taken(table, "PUT", "/users/7/files/a/b") == (
        "PUT /users/{user}/files/{path+}",
        {"user": "7", "path": "a/b"},
    )


def _declaration(name: str, **trigger: object) -> dict[str, Any]:
    http = {
        "route_key": "GET /x",
        "auth": "none",
        "scopes": [],
        "groups": [],
        "payload_format_version": "2.0",
        **trigger,
    }
    return {"name": name, "triggers": {"http": [http], "sqs": []}}


def test_routes_of_declarations() -> None:
    """As in dist/functions.json, sorted by key; a route with scopes trusts the pool that is given."""
    declarations = [
        _declaration("b", route_key="POST /b", auth="jwt", scopes=[SIGN_IN]),
        _declaration("a", payload_format_version="1.0"),
    ]
    assert Routes.declared(declarations, ISSUER) == Routes(
        (
            Route("GET /x", "a", None, "1.0"),
            Route("POST /b", "b", Authorization(ISSUER, frozenset({SIGN_IN})), "2.0"),
        )
    )


def test_routes_of_this_checkout(checkout: Project) -> None:
    """Each route that a function.yaml declares, and no other; open to all where it says so."""
    functions = read_functions(checkout)
    routes = Routes.declared([declaration(function) for function in functions.values()], ISSUER)
    assert {route.key: (route.function, route.authorization is None) for route in routes} == {
        trigger.route_key: (function.name, trigger.auth is None)
        for function in functions.values()
        for trigger in function.http
    }


def test_routes_are_equal_whatever_their_order_and_their_functions_release() -> None:
    a, b = Route("GET /a", "a", None), Route("GET /b", "b", None)
    assert Routes.of([a, b]) == Routes.of([b, Route("GET /a", "a", None, qualifier="live")])
    assert Routes.of([a]) != Routes.of([a, b])


def test_differences_name_the_route_and_both_sides() -> None:
    here = Routes.of([Route("GET /a", "a", None), Route("GET /b", "b", None), Route("GET /c", "c", None)])
    other = Authorization(Issuer("https://issuer", frozenset()), frozenset())
    there = Routes.of(
        [Route("GET /b", "b", other), Route("GET /c", "see", None, "1.0"), Route("$default", "d", None)]
    )
    assert here.differences(there) == [
        "$default: only there",
        "GET /a: only here",
        f"GET /b: authorization is None here and {other!r} there",
        "GET /c: function is 'c' here and 'see' there",
        "GET /c: payload_format_version is '2.0' here and '1.0' there",
    ]
    assert here.differences(here) == []
