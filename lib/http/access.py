"""Who may use a route: declared in function.yaml, and handed to the function in HTTP_ROUTE_GROUPS.

    {"GET /health": null, "GET /me": [], "GET /users": ["admins"]}

null: anybody; []: whoever is signed in; a list: members of at least one of the groups. API Gateway has
checked the token and its scopes before; groups it cannot check. What is not declared is denied.
"""

import json
from collections.abc import Mapping
from typing import Any

from lib.http.problems import ForbiddenError
from lib.http.requests import Request

type RouteGroups = Mapping[str, frozenset[str] | None]


class RouteGroupsError(Exception):
    """HTTP_ROUTE_GROUPS is missing or can't be read: the function was not deployed from its declaration."""


def parse_route_groups(environ: Mapping[str, str]) -> RouteGroups:
    """The groups of each route of this function. Raises RouteGroupsError."""
    try:
        routes = json.loads(environ["HTTP_ROUTE_GROUPS"])
    except KeyError:
        raise RouteGroupsError(
            "HTTP_ROUTE_GROUPS is not set; function.yaml's http triggers give it"
        ) from None
    except ValueError:
        raise RouteGroupsError("HTTP_ROUTE_GROUPS is not JSON") from None
    if not isinstance(routes, dict) or not all(map(_is_declaration, routes.values())):
        raise RouteGroupsError(
            'HTTP_ROUTE_GROUPS is not like {"GET /users": ["admins"], "GET /health": null}'
        )
    return {route: None if groups is None else frozenset(groups) for route, groups in routes.items()}


def _is_declaration(groups: object) -> bool:
    return groups is None or (isinstance(groups, list) and all(isinstance(name, str) for name in groups))


def check_access(request: Request[Any, Any, Any], routes: RouteGroups) -> None:
    """Raise UnauthorizedError or ForbiddenError unless the request's route is open to who sent it."""
    route = _declared(request.route_key, routes)
    groups = routes[route]
    if groups is None:
        return
    claims = request.claims
    if groups and not groups & claims.groups:
        raise ForbiddenError("This needs a group that you are not a member of.")


def _declared(route_key: str, routes: RouteGroups) -> str:
    """The declared route; a REST API doesn't tell a route for any method from one for this method."""
    _, _, path = route_key.partition(" ")
    for route in (route_key, f"ANY {path}"):
        if route in routes:
            return route
    raise ForbiddenError
