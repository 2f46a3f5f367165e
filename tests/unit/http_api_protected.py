"""An HTTP API whose one route is for those who are signed in."""

from tests.unit.http_api_fakes import SIGNED_IN, Gateway
from toolchain.local.http_api import Authorization, Route


def protected_gateway(authorization: Authorization = SIGNED_IN) -> Gateway:
    return Gateway([Route("GET /me", "me", authorization)], {"me": lambda _: {"statusCode": 204}})


def show(gateway: Gateway, token: str | None) -> int:
    """The status for a caller with this header `Authorization`, or with none."""
    headers = [] if token is None else [("Authorization", token)]
    return gateway.request("GET", "/me", headers).status
