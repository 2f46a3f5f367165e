"""The JWT authorizer: who is let through, and what the function and the caller are told."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

from tests.unit.http_api_fakes import (
    CLIENT_ID,
    ISSUER,
    NOW,
    SIGN_IN,
    SIGNED_IN,
    SUB,
    FakeIssuer,
    Gateway,
    access_token,
    sign,
)
from toolchain.local.http_api import Authorization, Route
from toolchain.local.http_api.authorizer import MAX_REMEMBERED
from toolchain.local.http_api.keys import KEPT_SECONDS

_NO_SCOPES = Authorization(ISSUER)
_INVALID = f'Bearer scope="{SIGN_IN}" error="invalid_token" error_description="{{}}"'


def _gateway(authorization: Authorization = SIGNED_IN) -> Gateway:
    return Gateway([Route("GET /me", "me", authorization)], {"me": lambda _: {"statusCode": 204}})


def _show(gateway: Gateway, token: str | None) -> int:
    headers = [] if token is None else [("Authorization", token)]
    return gateway.request("GET", "/me", headers).status


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_a_good_token_is_let_through(prefix: str) -> None:
    """With or without Bearer; the function gets the claims, and the header as it was sent."""
    gateway = _gateway()
    token = prefix + gateway.issuer.token()
    assert _show(gateway, token) == 204
    assert gateway.event["requestContext"]["authorizer"] == {
        "jwt": {
            "claims": {name: str(value) for name, value in access_token().items()},
            "scopes": [SIGN_IN],
        }
    }
    assert gateway.event["headers"]["authorization"] == token


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS384"},
        {"alg": "RS512"},
        {"alg": "PS256"},
        {"typ": "at+jwt"},
        {"anything": "else"},
        {"x5t": "a" * 3000},
    ],
)
def test_headers_that_are_good(header: Mapping[str, Any]) -> None:
    gateway = _gateway()
    assert _show(gateway, gateway.issuer.token(header)) == 204


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": CLIENT_ID, "client_id": None},
        {"aud": ["other", CLIENT_ID], "client_id": "other"},
        {"nbf": int(NOW)},
        {"nbf": NOW},
        {"nbf": 0},
        {"nbf": -1},
        {"iat": None},
        {"iat": NOW},
        {"iat": int(NOW) - 10 * 365 * 86400},
        {"exp": NOW + 0.5},
        {"exp": int(NOW) + 1},
        {"exp": int(NOW) + 10 * 365 * 86400},
        {"scope": None, "scp": ["x", SIGN_IN]},
        {"scope": None, "scp": f"x {SIGN_IN}"},
        {"scope": f"openid {SIGN_IN} email"},
    ],
)
def test_claims_that_are_good(claims: Mapping[str, Any]) -> None:
    gateway = _gateway()
    assert _show(gateway, gateway.issuer.token(**claims)) == 204


type Forge = Callable[[FakeIssuer], str]


def _with_public_key(issuer: FakeIssuer) -> str:
    """HS256 with the public key, which everybody has, as the secret. joserfc refuses to make one."""
    _, payload, _ = issuer.token().split(".")
    signed = f"{_base64(b'{"alg":"HS256","kid":"key-1"}')}.{payload}"
    secret = issuer.key.as_pem(private=False)
    return f"{signed}.{_base64(hmac.digest(secret, signed.encode(), 'sha256'))}"


def _unsigned(issuer: FakeIssuer) -> str:
    _, payload, _ = issuer.token().split(".")
    return f"{_base64(b'{"alg":"none","kid":"key-1"}')}.{payload}."


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _tampered(issuer: FakeIssuer) -> str:
    header, _, signature = issuer.token().split(".")
    _, payload, _ = issuer.token(sub="somebody-else").split(".")
    return f"{header}.{payload}.{signature}"


def _critical(issuer: FakeIssuer) -> str:
    """A header that says that it must be understood (RFC 7515, 4.1.11). joserfc refuses to make one."""
    _, payload, _ = issuer.token().split(".")
    signed = f"{_base64(b'{"alg":"RS256","kid":"key-1","crit":["x"],"x":1}')}.{payload}"
    key = issuer.key.private_key
    assert key is not None
    signature = key.sign(signed.encode(), PKCS1v15(), SHA256())
    return f"{signed}.{_base64(signature)}"


def _of_another_key(_: FakeIssuer) -> str:
    key = RSAKey.generate_key(2048)
    return sign({"alg": "RS256", "kid": "key-1"}, json.dumps(access_token()).encode(), key)


def _raw(payload: bytes) -> Forge:
    return lambda issuer: sign({"alg": "RS256", "kid": "key-1"}, payload, issuer.key)


def _claims(**claims: object) -> Forge:
    return lambda issuer: issuer.token(**claims)


@pytest.mark.parametrize(
    ("forge", "description"),
    [
        (_with_public_key, "the token is not signed in a way that is supported"),
        (_unsigned, "the token is not signed in a way that is supported"),
        (_tampered, "the token does not have a valid signature"),
        (_of_another_key, "the token does not have a valid signature"),
        (lambda issuer: issuer.token({"kid": "other"}),
         "the token is signed with a key that the issuer does not have"),
        (lambda issuer: issuer.token({"kid": None}), "the token does not name its key"),
        (lambda issuer: issuer.token()[:-4], "the token does not have a valid signature"),
        (lambda issuer: issuer.token() + ".x", "the token cannot be decoded"),
        (_critical, "the token is not signed in a way that is supported"),
        (lambda _: "a.b.c", "the token cannot be decoded"),
        (lambda _: "no token", "the token cannot be decoded"),
        (lambda _: "Bearer", "the token cannot be decoded"),
        (lambda issuer: f"bearer {issuer.token()}", "the token cannot be decoded"),
        (lambda issuer: f"Basic {issuer.token()}", "the token cannot be decoded"),
        (lambda _: "ü", "the token cannot be decoded"),
        (_raw(b"[]"), "the token's claims are no object"),
        (_raw(b"no JSON"), "the token's claims are not JSON"),
        (_claims(exp=int(NOW)), "the token has expired"),
        (_claims(exp=int(NOW) - 3600), "the token has expired"),
        (_claims(exp=None), "the token has expired"),
        (_claims(exp="1999999999"), "the token has expired"),
        (_claims(exp=True), "the token has expired"),
        (_claims(exp=NOW), "the token has expired"),
        (_claims(exp=0), "the token has expired"),
        (_claims(exp=-1), "the token has expired"),
        (_claims(exp=int(NOW) + 60, iat=int(NOW) + 30, nbf=int(NOW) + 30),
         "the token is not valid yet: nbf is 30 s ahead of the clock"),
        (_claims(nbf=NOW + 0.001), "the token is not valid yet: nbf is 1 s ahead of the clock"),
        (_claims(nbf=int(NOW) + 1), "the token is not valid yet: nbf is 1 s ahead of the clock"),
        (_claims(nbf="now"), "the token does not have a valid nbf"),
        (_claims(iat=int(NOW) + 1), "the token is not valid yet: iat is 1 s ahead of the clock"),
        (_claims(iat=int(NOW) + 3600), "the token is not valid yet: iat is 3600 s ahead of the clock"),
        (_claims(iat=True), "the token does not have a valid iat"),
        (_claims(iat=str(int(NOW))), "the token does not have a valid iat"),
        (_claims(iss="https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_OTHER"),
         "the token does not have a valid issuer"),
        (_claims(iss=None), "the token does not have a valid issuer"),
        (_claims(client_id="another"), "the token does not have a valid audience"),
        (_claims(client_id=None), "the token does not have a valid audience"),
        (_claims(aud="another"), "the token does not have a valid audience"),
        (_claims(aud=[]), "the token does not have a valid audience"),
        (_claims(aud={"a": 1}), "the token does not have a valid audience"),
    ],
)  # fmt: skip
def test_a_bad_token_is_refused(forge: Forge, description: str) -> None:
    """401 with the reason; the function is not called, and the log has it too."""
    gateway = _gateway()
    response = gateway.request("GET", "/me", [("Authorization", forge(gateway.issuer))])
    assert (response.status, response.content) == (401, b'{"message":"Unauthorized"}')
    assert response.own_headers() == {
        "content-type": "application/json",
        "www-authenticate": _INVALID.format(description),
    }
    assert gateway.functions.calls == []
    assert gateway.log[0]["authorizerError"] == description


@pytest.mark.parametrize("headers", [[], [("Authorization", "")], [("Cookie", "authorization=x")]])
def test_no_token_is_refused(headers: list[tuple[str, str]]) -> None:
    gateway = _gateway()
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
    gateway = _gateway()
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
    gateway = _gateway(Authorization(ISSUER, frozenset({"things/read", "things/write"})))
    assert _show(gateway, gateway.issuer.token(scope="openid things/read")) == 204
    assert gateway.event["requestContext"]["authorizer"]["jwt"]["scopes"] == ["openid", "things/read"]


def test_without_scopes_on_the_route_none_are_shown() -> None:
    """null, though the token has some; and the challenge names none, as in AWS's own example."""
    gateway = _gateway(_NO_SCOPES)
    assert _show(gateway, gateway.issuer.token()) == 204
    assert gateway.event["requestContext"]["authorizer"]["jwt"]["scopes"] is None
    response = gateway.request("GET", "/me", [("Authorization", gateway.issuer.token(client_id="other"))])
    assert response.header("www-authenticate") == (
        'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"'
    )


def test_claims_are_text() -> None:
    """As measured on AWS: lists without commas or quotes, null left out."""
    gateway = _gateway()
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
    assert _show(gateway, token) == 204
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
    gateway = _gateway()
    token = gateway.issuer.token(exp=int(NOW) + 10)
    assert _show(gateway, token) == 204
    gateway.clock.now = int(NOW) + 9.999
    assert _show(gateway, token) == 204
    gateway.clock.now = int(NOW) + 10
    assert _show(gateway, token) == 401


def test_a_remembered_token_is_not_good_before_its_time() -> None:
    """The clock was put back: what the token says of its time holds, whatever was found out before."""
    gateway = _gateway()
    token = gateway.issuer.token()
    assert _show(gateway, token) == 204
    gateway.clock.now = int(NOW) - 1
    assert _show(gateway, token) == 401
    assert gateway.log[-1]["authorizerError"] == "the token is not valid yet: iat is 1 s ahead of the clock"
    gateway.clock.now = NOW
    assert _show(gateway, token) == 204


def test_a_clock_that_is_put_back_does_not_prolong_a_token() -> None:
    """What was remembered is verified again, with the keys that the issuer has by then."""
    gateway = _gateway()
    token = gateway.issuer.token(iat=int(NOW) - 2 * KEPT_SECONDS)
    assert _show(gateway, token) == 204
    gateway.issuer.rotate("key-2")
    gateway.clock.now -= KEPT_SECONDS
    assert _show(gateway, token) == 401


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
    gateway = _gateway()
    authorizer = gateway.application._authorizers[ISSUER]  # noqa: SLF001 - what it holds is no one else's business
    tokens = [gateway.issuer.token(jti=str(number)) for number in range(MAX_REMEMBERED + 5)]
    assert {_show(gateway, token) for token in tokens} == {204}
    assert list(authorizer._remembered) == tokens[5:]  # noqa: SLF001 - as above
    assert _show(gateway, tokens[0]) == 204
