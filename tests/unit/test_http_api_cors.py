"""Cross-origin resource sharing: preflights, and headers on every answer."""

from typing import Any

import pytest

from tests.unit.http_api_fakes import SIGNED_IN, Gateway
from toolchain.local.http_api import LOCAL_CORS, Authorization, Cors, Route

_CORS = Cors(
    allow_origins=("https://www.example.com", "http://*"),
    allow_methods=("GET", "POST"),
    allow_headers=("authorization", "content-type"),
    expose_headers=("etag",),
    allow_credentials=True,
    max_age_seconds=300,
)


def _gateway(*routes: Route, **settings: object) -> Gateway:
    def echo(event: dict[str, Any]) -> dict[str, Any]:
        headers = {"access-control-allow-origin": "*", "Access-Control-Expose-Headers": "x", "etag": '"1"'}
        return {"statusCode": 200, "headers": headers, "body": event.get("body", "")}

    return Gateway(routes or (Route("POST /x", "echo", None),), {"echo": echo}, settings)


@pytest.mark.parametrize("path", ["/x", "/anywhere"])
def test_a_preflight_is_answered(path: str) -> None:
    """Without a route and without a token."""
    gateway = _gateway(Route("POST /x", "echo", SIGNED_IN), cors=_CORS)
    headers = [("Origin", "https://www.example.com"), ("Access-Control-Request-Method", "POST")]
    response = gateway.request("OPTIONS", path, headers)
    assert (response.status, response.content) == (204, b"")
    assert response.own_headers() == {
        "access-control-allow-origin": "https://www.example.com",
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization,content-type",
        "access-control-max-age": "300",
    }
    assert response.header("content-length") is None


@pytest.mark.parametrize(
    "origin", [None, "https://evil.example", "https://www.example.com.evil.example", "null"]
)
def test_a_preflight_of_another_origin_is_told_nothing(origin: str | None) -> None:
    headers = [] if origin is None else [("Origin", origin)]
    response = _gateway(cors=_CORS).request("OPTIONS", "/x", headers)
    assert (response.status, response.own_headers()) == (204, {})


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (
            "https://www.example.com",
            {
                "access-control-allow-origin": "https://www.example.com",
                "access-control-allow-credentials": "true",
                "access-control-expose-headers": "etag",
            },
        ),
        (
            "http://any.example:8080",
            {
                "access-control-allow-origin": "http://any.example:8080",
                "access-control-allow-credentials": "true",
                "access-control-expose-headers": "etag",
            },
        ),
        ("https://evil.example", {}),
        (None, {}),
    ],
)
def test_the_apis_cors_headers_replace_the_functions(origin: str | None, expected: dict[str, str]) -> None:
    headers = [] if origin is None else [("Origin", origin)]
    response = _gateway(cors=_CORS).request("POST", "/x", headers)
    assert response.own_headers() == {"etag": '"1"', **expected}


def test_without_a_configuration_the_functions_cors_headers_are_sent() -> None:
    response = _gateway().request("POST", "/x", [("Origin", "https://any.example")])
    assert response.own_headers() == {
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "x",
        "etag": '"1"',
    }


def test_errors_can_be_read_by_pages() -> None:
    gateway = _gateway(Route("GET /x", "echo", SIGNED_IN), cors=Cors(allow_origins=("*",)))
    for path, status in (("/x", 401), ("/nowhere", 404)):
        response = gateway.request("GET", path, [("Origin", "https://any.example")])
        assert (response.status, response.header("access-control-allow-origin")) == (status, "*")


@pytest.mark.parametrize(
    ("key", "authorization", "status"),
    [("ANY /x", None, 200), ("$default", None, 200), ("OPTIONS /x", None, 200), ("ANY /x", SIGNED_IN, 401)],
)
def test_options_that_a_route_takes_are_no_preflight(
    key: str, authorization: Authorization | None, status: int
) -> None:
    """A trap of the real service: ANY with an authorizer keeps browsers out."""
    gateway = _gateway(Route(key, "echo", authorization), cors=_CORS)
    assert gateway.request("OPTIONS", "/x", [("Origin", "https://www.example.com")]).status == status


def test_credentials_need_named_origins() -> None:
    with pytest.raises(ValueError, match="name the origins"):
        Cors(allow_origins=("*",), allow_credentials=True)


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        ("http://localhost:5173", True),
        ("http://localhost:3000", True),
        ("http://127.0.0.1:5174", True),
        ("http://localhost:9999", False),
        ("https://example.com", False),
    ],
)
def test_pages_of_development_servers_may_call_the_local_api(origin: str, is_allowed: bool) -> None:  # noqa: FBT001
    response = _gateway(cors=LOCAL_CORS).request("OPTIONS", "/x", [("Origin", origin)])
    assert response.header("access-control-allow-origin") == (origin if is_allowed else None)
    assert response.header("access-control-allow-headers") == ("*,authorization" if is_allowed else None)
