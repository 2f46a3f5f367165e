"""What becomes of a request's path, host and ids on the way into its event."""

import pytest

from tests.unit.http_api_fakes import Gateway
from toolchain.local.http_api import Api, Route


def _gateway(key: str, **settings: object) -> Gateway:
    return Gateway([Route(key, "echo", None)], {"echo": lambda _: {"statusCode": 204}}, settings)


@pytest.mark.parametrize(
    ("target", "path", "value"),
    [
        ("/files/a%20b", "/files/a b", "a b"),
        ("/files/a%2Fb", "/files/a/b", "a/b"),
        ("/files/a%252Fb", "/files/a%2Fb", "a%2Fb"),
        ("/files/a+b", "/files/a+b", "a+b"),
        ("/files/a%3Fb", "/files/a", "a"),
        ("/files/%E2%98%95", "/files/☕", "☕"),
        ("/files/a%zz", "/files/a%zz", "a%zz"),
        ("/files/a//b/", "/files/a//b/", "a//b/"),
    ],
)
def test_paths_are_decoded_once(target: str, path: str, value: str) -> None:
    """Before they are matched: an encoded slash separates segments."""
    gateway = _gateway("GET /files/{proxy+}")
    gateway.request("GET", target)
    event = gateway.event
    assert (event["rawPath"], event["pathParameters"]) == (path, {"proxy": value})


@pytest.mark.parametrize(
    ("target", "status"),
    [("/dev/users", 204), ("/users", 404), ("/devusers", 404), ("/dev", 404), ("/dev/", 404)],
)
def test_a_stage_is_in_front_of_the_path(target: str, status: int) -> None:
    """Any stage but $default; functions see it, routes don't."""
    gateway = _gateway("GET /users", api=Api("123456789012", "a1b2c3d4e5", "eu-west-1", "dev", (("k", "v"),)))
    assert gateway.request("GET", target).status == status
    if status == 204:
        context = gateway.event["requestContext"]
        assert (gateway.event["rawPath"], context["http"]["path"], context["stage"]) == (
            target,
            target,
            "dev",
        )
        assert gateway.event["stageVariables"] == {"k": "v"}


def test_the_root_of_a_stage_is_the_root_route() -> None:
    gateway = _gateway("GET /", api=Api("123456789012", "a1b2c3d4e5", "eu-west-1", "dev"))
    assert [gateway.request("GET", target).status for target in ("/dev", "/dev/", "/")] == [204, 204, 404]


def test_ids_are_like_those_of_api_gateway_and_differ() -> None:
    """16 characters, the last an equals sign; a trace id is made when the client sends none."""
    gateway = _gateway("GET /x")
    ids, traces = set(), set()
    for _ in range(50):
        gateway.request("GET", "/x")
        ids.add(gateway.event["requestContext"]["requestId"])
        traces.add(gateway.event["headers"]["x-amzn-trace-id"])
    assert len(ids) == len(traces) == 50
    assert all(len(each) == 16 and each.endswith("=") for each in ids)
    assert all(each.startswith("Root=1-697deec0-") and len(each) == 40 for each in traces)
    assert gateway.functions.calls[-1].trace in traces


def test_a_request_without_host_has_the_domain_of_the_api() -> None:
    gateway = _gateway("GET /x")
    gateway.request("GET", "/x", [("host", "")])
    context = gateway.event["requestContext"]
    assert (context["domainName"], context["domainPrefix"]) == (
        "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
        "a1b2c3d4e5",
    )
