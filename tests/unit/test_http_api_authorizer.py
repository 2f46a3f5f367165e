"""The JWT authorizer: who is let through, what the function is told, and what is remembered."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.http_api_fakes import (
    CLIENT_ID,
    ISSUER,
    NOW,
    SIGN_IN,
    SIGNED_IN,
    SUB,
    Gateway,
    access_token,
    sign,
)
from tests.unit.http_api_protected import protected_gateway, show
from toolchain.local.http_api import Authorization, Route
from toolchain.local.http_api.authorizer import MAX_REMEMBERED
from toolchain.local.http_api.keys import KEPT_SECONDS

_NO_SCOPES = Authorization(ISSUER)


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_a_good_token_is_let_through(prefix: str) -> None:
    """With or without Bearer; the function gets the claims, and the header as it was sent."""
    gateway = protected_gateway()
    token = prefix + gateway.issuer.token()
    assert show(gateway, token) == 204
    assert gateway.event["requestContext"]["authorizer"] == {
        "jwt": {
            "claims": {name: str(value) for name, value in access_token().items()},
            "scopes": [SIGN_IN],
        }
    }
    assert gateway.event["headers"]["authorization"] == token


@pytest.mark.parametrize("headers", [[], [("Authorization", "")], [("Cookie", "authorization=x")]])
def test_no_token_is_refused(headers: list[tuple[str, str]]) -> None:
    gateway = protected_gateway()
    response = gateway.request("GET", "/me", headers)
    assert (response.status, response.content) == (401, b'{"message":"Unauthorized"}')
    assert response.header("www-authenticate") == "Bearer"
    assert gateway.log[0]["authorizerError"] == "there is no token"


@pytest.mark.parametrize(
    "claims",
    [
        {"scope": "openid email"},
        {"scope": None},
        {"scope": ""},
        {"scope": 7},
        {"scope": f"x{SIGN_IN}"},
        {"scope": None, "scp": ["other", 7]},
        {"scope": None, "token_use": "id", "aud": CLIENT_ID, "client_id": None, "email": "ada@example.com"},
    ],
)
def test_a_token_without_the_scope_is_forbidden(claims: Mapping[str, Any]) -> None:
    """The last is an ID token, which has no scopes: it is not taken for an access token."""
    gateway = protected_gateway()
    token = gateway.issuer.token(**claims)
    response = gateway.request("GET", "/me", [("Authorization", token)])
    assert (response.status, response.content) == (403, b'{"message":"Forbidden"}')
    reason = "the token has none of the route's scopes"
    assert response.header("www-authenticate") == (
        f'Bearer scope="{SIGN_IN}" error="insufficient_scope" error_description="{reason}"'
    )
    assert gateway.log[0]["authorizerError"] == reason
    assert gateway.functions.calls == []


def test_one_of_the_scopes_is_enough_and_all_of_the_tokens_are_shown() -> None:
    gateway = protected_gateway(Authorization(ISSUER, frozenset({"things/read", "things/write"})))
    assert show(gateway, gateway.issuer.token(scope="openid things/read")) == 204
    assert gateway.event["requestContext"]["authorizer"]["jwt"]["scopes"] == ["openid", "things/read"]


def test_without_scopes_on_the_route_none_are_shown() -> None:
    """null, though the token has some; and the challenge names none, as in AWS's own example."""
    gateway = protected_gateway(_NO_SCOPES)
    assert show(gateway, gateway.issuer.token()) == 204
    assert gateway.event["requestContext"]["authorizer"]["jwt"]["scopes"] is None
    response = gateway.request("GET", "/me", [("Authorization", gateway.issuer.token(client_id="other"))])
    assert response.header("www-authenticate") == (
        'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"'
    )


def test_claims_are_text() -> None:
    """As measured on AWS: lists without commas or quotes, null left out."""
    gateway = protected_gateway()
    given = {
        "cognito:groups": ["admins", "editors"],
        "empty": [],
        "numbers": [1, 2.5],
        "email_verified": True,
        "level": 1.5,
        "name": "Ada ü",
        "nothing": None,
        "address": {"country": "UK"},
    }
    payload = json.dumps({**access_token(), **given}).encode()
    token = sign({"alg": "RS256", "kid": "key-1"}, payload, gateway.issuer.key)
    assert show(gateway, token) == 204
    claims = gateway.event["requestContext"]["authorizer"]["jwt"]["claims"]
    assert {name: claims.get(name) for name in given} == {
        "cognito:groups": "[admins editors]",
        "empty": "[]",
        "numbers": "[1 2.5]",
        "email_verified": "true",
        "level": "1.5",
        "name": "Ada ü",
        "nothing": None,
        "address": '{"country":"UK"}',
    }
    assert "nothing" not in claims
    assert (claims["exp"], claims["sub"]) == (str(int(NOW) + 3600), SUB)


def test_a_remembered_token_expires() -> None:
    """Not a moment later than it says, though it was good a moment ago."""
    gateway = protected_gateway()
    token = gateway.issuer.token(exp=int(NOW) + 10)
    assert show(gateway, token) == 204
    gateway.clock.now = int(NOW) + 9.999
    assert show(gateway, token) == 204
    gateway.clock.now = int(NOW) + 10
    assert show(gateway, token) == 401


def test_a_remembered_token_is_not_good_before_its_time() -> None:
    """The clock was put back: what the token says of its time holds, whatever was found out before."""
    gateway = protected_gateway()
    token = gateway.issuer.token()
    assert show(gateway, token) == 204
    gateway.clock.now = int(NOW) - 1
    assert show(gateway, token) == 401
    assert gateway.log[-1]["authorizerError"] == "the token is not valid yet: iat is 1 s ahead of the clock"
    gateway.clock.now = NOW
    assert show(gateway, token) == 204


def test_a_clock_that_is_put_back_does_not_prolong_a_token() -> None:
    """What was remembered is verified again, with the keys that the issuer has by then."""
    gateway = protected_gateway()
    token = gateway.issuer.token(iat=int(NOW) - 2 * KEPT_SECONDS)
    assert show(gateway, token) == 204
    gateway.issuer.rotate("key-2")
    gateway.clock.now -= KEPT_SECONDS
    assert show(gateway, token) == 401


def test_a_remembered_token_is_checked_against_each_routes_scopes() -> None:
    gateway = Gateway(
        [
            Route("GET /me", "f", SIGNED_IN),
            Route("GET /things", "f", Authorization(ISSUER, frozenset({"things/read"}))),
            Route("GET /any", "f", _NO_SCOPES),
        ],
        {"f": lambda _: {"statusCode": 204}},
    )
    headers = [("Authorization", gateway.issuer.token())]
    paths = ["/me", "/things", "/any", "/things"]
    assert [gateway.request("GET", path, headers).status for path in paths] == [204, 403, 204, 403]


def test_only_so_many_tokens_are_remembered() -> None:
    """The oldest go first, and are verified again when they come back."""
    gateway = protected_gateway()
    authorizer = gateway.application._authorizers[ISSUER]  # noqa: SLF001 - what it holds is no one else's business
    tokens = [gateway.issuer.token(jti=str(number)) for number in range(MAX_REMEMBERED + 5)]
    assert {show(gateway, token) for token in tokens} == {204}
    assert list(authorizer._remembered) == tokens[5:]  # noqa: SLF001 - as above
    assert show(gateway, tokens[0]) == 204
