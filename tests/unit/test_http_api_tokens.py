"""Tokens that are good, and those that are not: how they are signed, and what they claim."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

from tests.unit.http_api_fakes import CLIENT_ID, NOW, SIGN_IN, FakeIssuer, access_token, sign
from tests.unit.http_api_protected import protected_gateway, show

_INVALID = f'Bearer scope="{SIGN_IN}" error="invalid_token" error_description="{{}}"'


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
    gateway = protected_gateway()
    assert show(gateway, gateway.issuer.token(header)) == 204


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
    gateway = protected_gateway()
    assert show(gateway, gateway.issuer.token(**claims)) == 204


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
    gateway = protected_gateway()
    response = gateway.request("GET", "/me", [("Authorization", forge(gateway.issuer))])
    assert (response.status, response.content) == (401, b'{"message":"Unauthorized"}')
    assert response.own_headers() == {
        "content-type": "application/json",
        "www-authenticate": _INVALID.format(description),
    }
    assert gateway.functions.calls == []
    assert gateway.log[0]["authorizerError"] == description
