"""What new versions and the API are asked, and how answers are judged."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from lib import http
from tests.unit.http_events import Context
from tests.unit.release_fakes import FakeFunctions, FakeWorld, Handler, declared, route
from toolchain.deploy.releases.checks import VersionCheck, check_starts, check_versions
from toolchain.deploy.releases.probes import events_of, probes_of, starts_of
from toolchain.deploy.releases.record import Probe
from toolchain.deploy.releases.services import Answer
from toolchain.deploy.releases.smoke import smoke_test
from toolchain.errors import AwsError, ReleaseError

_URL = "https://api.example"
_FUNCTIONS = {
    "search": declared("1", route("GET", "/search")),
    "everything": declared("1", route("ANY", "/ping"), route("POST", "/ping")),
    "thing": declared("1", route("GET", "/things/{id}")),
    "fallback": declared("1", {**route("ANY", "/"), "path": "$default", "route_key": "$default"}),
    "mine": declared("1", route("DELETE", "/things/{id}", "jwt"), route("GET", "/mine/{proxy+}", "jwt")),
    "worker": declared("1", sqs=[{"queue": "orders"}]),
}
_SAMPLES = {
    "search": {"version": "2.0", "routeKey": "GET /search", "rawQueryString": "q=shoes"},
    "everything": {"version": "2.0", "routeKey": "POST /ping", "rawQueryString": "no"},
}


def test_probes_are_public_routes_without_parameters_and_one_protected_route() -> None:
    """A sample event of the route says what to send; a protected GET is preferred."""
    assert probes_of(_FUNCTIONS, _SAMPLES) == (
        Probe("everything", "GET", "/ping", "", is_public=True),
        Probe("search", "GET", "/search", "q=shoes", is_public=True),
        Probe("mine", "GET", "/mine/x", "", is_public=False),
    )


def test_events_are_those_of_the_routes() -> None:
    events = events_of(_FUNCTIONS, _SAMPLES)
    assert [(name, key) for name, key, _ in events] == [
        ("everything", "ANY /ping"),
        ("search", "GET /search"),
    ]
    assert events[1][2] == _SAMPLES["search"]
    ping = events[0][2]
    assert (ping["version"], ping["rawPath"], ping["requestContext"]["http"]["method"]) == (
        "2.0",
        "/ping",
        "GET",
    )


def test_protected_functions_are_called_for_nobody() -> None:
    """A GET, where there is one; functions that are asked for a public route come up there."""
    assert [(name, key) for name, key, _ in starts_of(_FUNCTIONS)] == [("mine", "GET /mine/{proxy+}")]


@pytest.mark.parametrize("payload_format_version", ["1.0", "2.0"])
def test_nobody_is_answered_before_the_function_sees_the_request(payload_format_version: str) -> None:
    """Whatever the function takes: it is not called."""
    put = {**route("PUT", "/things/{id}", "jwt"), "payload_format_version": payload_format_version}
    [(_, key, event)] = starts_of({"put": declared("1", put)})

    @http.endpoint({"HTTP_ROUTE_GROUPS": json.dumps({key: ["admins"]})})
    def handler(_: http.Request) -> dict[str, str]:
        raise AssertionError

    assert handler(event, Context())["statusCode"] == 401


_ERROR = {"errorType": "KeyError", "errorMessage": "'NOT_SET'"}
_INIT = "INIT_REPORT Init Duration: 1.00 ms\tPhase: invoke\tStatus: {}\tError Type: Runtime.Unknown\n"


@dataclass
class _Answering(FakeFunctions):
    """Answers all calls so, or not at all."""

    answer: Answer | None = None

    def invoke(self, function: str, qualifier: str, payload: bytes) -> Answer | None:
        del qualifier, payload
        if self.answer is None:
            raise AwsError(f"lambda:InvokeFunction {function}: TooManyRequestsException")
        return self.answer


@pytest.mark.parametrize(
    ("failure", "log", "problem"),
    [
        ({**_ERROR, "requestId": ""}, "", "it can't be started: KeyError: 'NOT_SET'"),
        (_ERROR, f"START\n{_INIT.format('error')}END\n", "it can't be started: KeyError: 'NOT_SET'"),
        (
            {"errorType": "Runtime.HandlerNotFound", "errorMessage": "Handler 'handler' missing"},
            "",
            "it can't be started: Runtime.HandlerNotFound: Handler 'handler' missing",
        ),
        (_ERROR, f"START\n{_INIT.format('timeout')}END\n", None),
        ({**_ERROR, "requestId": "8c3f1d0e"}, "INIT_REPORT of another\nStatus: error", None),
    ],
)
def test_only_a_version_that_does_not_start_is_wrong(
    failure: dict[str, str], log: str, problem: str | None
) -> None:
    answer = Answer(json.dumps(failure).encode(), "Unhandled", log.encode(), "1")
    check = VersionCheck("shop-me", "1", "GET /me", {})
    if problem is None:
        check_starts(_Answering(answer=answer), [check])
    else:
        with pytest.raises(ReleaseError) as error:
            check_starts(_Answering(answer=answer), [check])
        assert str(error.value) == f"shop-me:1: {problem}"


def test_call_that_aws_refuses_says_nothing_of_a_version() -> None:
    """Of a function that is stopped, say, by reserving no instance."""
    check_starts(_Answering(), [VersionCheck("shop-me", "1", "GET /me", {})])


def _raising(_: dict[str, Any]) -> dict[str, Any]:
    raise KeyError("users")


@pytest.mark.parametrize(
    ("handler", "problem"),
    [
        (lambda _: {"statusCode": 200}, None),
        (lambda _: {"statusCode": 302}, None),
        (lambda _: {"hello": "world"}, None),
        (lambda _: "text", None),
        (lambda _: {"statusCode": 500, "body": "{}"}, "it answered 500"),
        (lambda _: {"statusCode": 404}, "it answered 404"),
        (lambda _: {"statusCode": "200"}, "its statusCode is '200', and not a number"),
        (_raising, "it failed: KeyError: 'users'"),
    ],
)
def test_answers_of_a_version(handler: Handler, problem: str | None) -> None:
    functions = FakeFunctions()
    functions.publish("shop-health", handler, "1")
    check = VersionCheck("shop-health", "1", "GET /health", {"version": "2.0"})
    if problem is None:
        check_versions(functions, [check])
    else:
        with pytest.raises(ReleaseError) as error:
            check_versions(functions, [check])
        assert str(error.value) == f"shop-health:1 GET /health: {problem}"
    assert functions.invoked == [("shop-health", "1", {"version": "2.0"})]


@pytest.mark.parametrize(("unavailable", "problem"), [(12, None), (13, "it answered 503")])
def test_version_that_is_unavailable_is_asked_again_for_a_minute(
    unavailable: int, problem: str | None
) -> None:
    """RDS Proxy has to find out that its secrets are there, and Aurora may have to resume."""
    statuses = iter([503] * unavailable + [200])
    functions, world = FakeFunctions(), FakeWorld()
    functions.publish("shop-health", lambda _: {"statusCode": next(statuses)}, "1")
    check = VersionCheck("shop-health", "1", "GET /health", {"version": "2.0"})
    if problem is None:
        check_versions(functions, [check], world.sleep)
    else:
        with pytest.raises(ReleaseError) as error:
            check_versions(functions, [check], world.sleep)
        assert str(error.value) == f"shop-health:1 GET /health: {problem}"
    assert world.slept == 60.0


@pytest.mark.parametrize(
    ("is_public", "statuses", "problem"),
    [
        (True, [200], None),
        (True, [304], None),
        (True, [503, 503, 200], None),
        (True, [404], "answered 404"),
        (True, [500], "answered 500"),
        (True, [], "no answer: connection refused"),
        (False, [401], None),
        (False, [200], "answered 200 without a token, and not 401: is it protected?"),
        (False, [404], "answered 404 without a token, and not 401: is it protected?"),
    ],
)
def test_answers_of_the_api(is_public: bool, statuses: list[int], problem: str | None) -> None:  # noqa: FBT001
    """A moment after the move, an answer may still be wrong; a connection may need half a minute."""
    world = FakeWorld({f"{_URL}/health": statuses})
    probe = Probe("health", "GET", "/health", "", is_public=is_public)
    if problem is None:
        smoke_test(_URL, [probe], world.request, world.sleep)
    else:
        with pytest.raises(ReleaseError) as error:
            smoke_test(_URL, [probe], world.request, world.sleep)
        assert str(error.value) == f"GET {_URL}/health: {problem}"
        assert world.slept == (30.0 if not statuses else 1.0)


def test_all_that_is_wrong_with_the_api_is_reported() -> None:
    world = FakeWorld({f"{_URL}/a": [500], f"{_URL}/b?q=1": [200], f"{_URL}/c": [403]})
    probes = [
        Probe("a", "GET", "/a", "", is_public=True),
        Probe("b", "GET", "/b", "q=1", is_public=True),
        Probe("c", "POST", "/c", "", is_public=False),
    ]
    with pytest.raises(ReleaseError) as error:
        smoke_test(_URL, probes, world.request, world.sleep)
    assert error.value.problems == (
        f"GET {_URL}/a: answered 500",
        f"POST {_URL}/c: answered 403 without a token, and not 401: is it protected?",
    )
