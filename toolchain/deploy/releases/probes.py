"""The requests that tell whether a release works, taken from what the functions declare.

    public GET routes without parameters   each has to answer with less than 400, before and after the move
    one protected route                    has to answer 401 without a token, over HTTP
    a protected route of each new version  is called before the move, for nobody: the function has to come up

A function's sample event, when it is for the route, says how a right request looks: `?q=shoes`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from toolchain.deploy.releases.record import Probe
from toolchain.errors import EventError
from toolchain.events import trigger_event
from toolchain.manifest.http_trigger import HttpTrigger

type Event = dict[str, Any]
type Samples = Mapping[str, Event]
"""The sample event of each function that has one."""


def probes_of(functions: Mapping[str, Any], samples: Samples) -> tuple[Probe, ...]:
    """What to ask of an API with these functions (`functions` of dist/functions.json)."""
    routes = list(_routes(functions))
    public = [
        Probe(name, "GET", route["path"], _query(samples.get(name), route), is_public=True)
        for name, route in routes
        if _is_public(route)
    ]
    protected = [
        Probe(name, route["method"].replace("ANY", "GET"), _any_path(route["path"]), "", is_public=False)
        for name, route in routes
        if route["auth"] == "jwt" and route["path"].startswith("/")
    ]
    return (*public, *sorted(protected, key=lambda one: (one.method != "GET", one.path))[:1])


def events_of(functions: Mapping[str, Any], samples: Samples) -> list[tuple[str, str, Event]]:
    """Function, route key and event of each public probe, as API Gateway would send it."""
    return [
        (name, route["route_key"], _event(name, route, samples.get(name)))
        for name, route in _routes(functions)
        if _is_public(route)
    ]


def starts_of(functions: Mapping[str, Any]) -> list[tuple[str, str, Event]]:
    """Function, route key and event for functions with protected routes that no public probe reaches.

    The event is of a route, a GET if there is one, but of nobody, without a body and parameters: lib.http
    answers it with 401, and a handler that looks at anything of it fails.
    """
    public = {name for name, route in _routes(functions) if _is_public(route)}
    routes = sorted(_routes(functions), key=lambda one: (one[0], one[1]["method"] == "GET"))
    protected = {name: route for name, route in routes if route["auth"] == "jwt" and name not in public}
    return [(name, route["route_key"], _of_nobody(name, route)) for name, route in protected.items()]


def parse_answer(payload: bytes) -> int:
    """The HTTP status of what a function returned for a request.

    Raises EventError for what API Gateway would answer with 500. A result without statusCode is a 200:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    try:
        result = json.loads(payload)
    except ValueError as error:
        raise EventError("it answered something that is not JSON") from error
    if not isinstance(result, dict) or "statusCode" not in result:
        return 200
    status = result["statusCode"]
    if not isinstance(status, int):
        raise EventError(f"its statusCode is {status!r}, and not a number")
    return status


def _routes(functions: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, function in sorted(functions.items()):
        for route in function["triggers"]["http"]:
            yield name, route


def _is_public(route: Mapping[str, Any]) -> bool:
    """Whether anybody may GET it, and there is nothing to fill in."""
    is_plain = route["path"].startswith("/") and "{" not in route["path"]
    return is_plain and route["auth"] == "none" and route["method"] in ("GET", "ANY")


def _event(name: str, route: Mapping[str, Any], sample: Event | None) -> Event:
    return sample if sample is not None and _is_for(sample, route) else _made_up(name, route)


def _of_nobody(name: str, route: Mapping[str, Any]) -> Event:
    return {**_made_up(name, route), "body": None, "pathParameters": None}


def _made_up(name: str, route: Mapping[str, Any]) -> Event:
    """A request that nobody is signed in for."""
    declared = {key: route[key] for key in ("method", "path", "payload_format_version")}
    return trigger_event(HttpTrigger.model_validate({**declared, "auth": "none"}), name)


def _query(sample: Event | None, route: Mapping[str, Any]) -> str:
    return str(sample.get("rawQueryString", "")) if sample and _is_for(sample, route) else ""


def _is_for(sample: Event, route: Mapping[str, Any]) -> bool:
    return (sample.get("version"), sample.get("routeKey")) == (
        route["payload_format_version"],
        route["route_key"],
    )


def _any_path(path: str) -> str:
    """The path with something for each parameter; authorization comes before the function sees it."""
    return "/".join("x" if part.startswith("{") else part for part in path.split("/"))
