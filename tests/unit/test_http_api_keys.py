"""The keys of issuers: when they are fetched, kept and forgotten."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.http_api_fakes import ISSUER, NOW, SIGNED_IN, Gateway
from toolchain.local.http_api import Route
from toolchain.local.http_api.authorizer import REMEMBERED_SECONDS
from toolchain.local.http_api.keys import KEPT_SECONDS, REFETCH_SECONDS


def _gateway() -> Gateway:
    return Gateway([Route("GET /me", "me", SIGNED_IN)], {"me": lambda _: {"statusCode": 204}})


def _show(gateway: Gateway, token: str) -> int:
    return gateway.request("GET", "/me", [("Authorization", token)]).status


def test_keys_are_fetched_once() -> None:
    gateway = _gateway()
    for number in range(20):
        assert _show(gateway, gateway.issuer.token(jti=str(number))) == 204
    assert gateway.issuer.fetched == 1


def test_a_new_key_is_fetched_and_the_old_one_is_forgotten() -> None:
    """A token that was good stays so for a few minutes at most, when its key is gone."""
    gateway = _gateway()
    old, older = gateway.issuer.token(), gateway.issuer.token(jti="older")
    assert _show(gateway, old) == 204
    gateway.issuer.rotate("key-2")
    gateway.clock.now += REFETCH_SECONDS
    assert _show(gateway, gateway.issuer.token()) == 204
    assert gateway.issuer.fetched == 2
    assert _show(gateway, older) == 401
    assert _show(gateway, old) == 204
    gateway.clock.now += REMEMBERED_SECONDS
    assert _show(gateway, old) == 401


def test_made_up_keys_are_asked_for_once_a_second() -> None:
    gateway = _gateway()
    for number in range(30):
        assert _show(gateway, gateway.issuer.token({"kid": f"made-up-{number}"})) == 401
    assert gateway.issuer.fetched == 1
    gateway.clock.now += REFETCH_SECONDS
    assert _show(gateway, gateway.issuer.token({"kid": "made-up"})) == 401
    assert gateway.issuer.fetched == 2


def test_keys_are_fetched_again_after_two_hours() -> None:
    gateway = _gateway()
    assert _show(gateway, gateway.issuer.token()) == 204
    gateway.clock.now += KEPT_SECONDS
    assert _show(gateway, gateway.issuer.token(exp=int(NOW) + 2 * KEPT_SECONDS)) == 204
    assert gateway.issuer.fetched == 2


@pytest.mark.parametrize("seconds", [REFETCH_SECONDS, 86400.0])
def test_keys_are_fetched_again_though_the_clock_was_put_back(seconds: float) -> None:
    """Not a day later: nobody could sign in with a new key until then."""
    gateway = _gateway()
    assert _show(gateway, gateway.issuer.token()) == 204
    gateway.issuer.rotate("key-2")
    gateway.clock.now -= seconds
    early = {"iat": int(NOW) - 2 * 86400}
    assert _show(gateway, gateway.issuer.token(**early)) == 204
    assert gateway.issuer.fetched == 2


def test_a_failure_is_not_remembered_though_the_clock_was_put_back() -> None:
    gateway = _gateway()
    gateway.issuer.failure = "it is starting"
    assert _show(gateway, gateway.issuer.token()) == 401
    gateway.issuer.failure = None
    gateway.clock.now -= 3600
    assert _show(gateway, gateway.issuer.token(iat=int(NOW) - 3600)) == 204


def test_an_issuer_that_cannot_be_reached_lets_nobody_through_until_it_can() -> None:
    """The caller is not told the address; the log is."""
    gateway = _gateway()
    gateway.issuer.failure = "http://127.0.0.1:4566/x: refused"
    response = gateway.request("GET", "/me", [("Authorization", gateway.issuer.token())])
    assert response.header("www-authenticate") == (
        'Bearer scope="aws.cognito.signin.user.admin" error="invalid_token" '
        'error_description="the keys of the issuer cannot be had"'
    )
    assert gateway.log[0]["authorizerError"] == "http://127.0.0.1:4566/x: refused"
    gateway.issuer.failure = None
    gateway.clock.now += REFETCH_SECONDS
    assert _show(gateway, gateway.issuer.token()) == 204


@pytest.mark.parametrize(
    "key_set",
    [
        {},
        {"keys": []},
        {"keys": [{"kty": "oct", "kid": "key-1", "k": "c2VjcmV0"}]},
        {"keys": [{"kty": "RSA", "kid": "key-1", "n": "!", "e": "AQAB"}]},
        {"keys": [{"kty": "RSA", "kid": "key-1"}]},
        {"keys": [{"kty": "RSA", "n": "x", "e": "AQAB"}]},
    ],
)
def test_keys_that_are_none_let_nobody_through(key_set: Mapping[str, Any]) -> None:
    class Source:
        async def fetch(self, issuer: str) -> Mapping[str, Any]:
            assert issuer == ISSUER.url
            return key_set

    gateway = Gateway(
        [Route("GET /me", "me", SIGNED_IN)], {"me": lambda _: {"statusCode": 204}}, {"keys": Source()}
    )
    assert _show(gateway, gateway.issuer.token()) == 401
