"""Keys of user pools, read from an endpoint."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.unit.http_api_fakes import ISSUER_URL
from toolchain.local.http_api import CognitoKeys, KeySourceError
from toolchain.local.http_api.cognito_keys import MAX_BYTES

_KEY_SET = {"keys": [{"kty": "RSA", "kid": "1", "n": "AQAB", "e": "AQAB"}]}
_PATHS = {
    "/eu-west-1_EXAMPLE01/.well-known/jwks.json": json.dumps(_KEY_SET).encode(),
    "/eu-west-1_List/.well-known/jwks.json": b"[]",
    "/eu-west-1_Text/.well-known/jwks.json": b"no JSON",
    "/eu-west-1_Long/.well-known/jwks.json": b'{"keys": []}' + b" " * MAX_BYTES,
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = _PATHS.get(self.path)
        self.send_response(404 if content is None else 200)
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_keys_are_had_from_the_endpoint_and_not_from_the_issuer(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor through a proxy, which could not reach this machine."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert asyncio.run(CognitoKeys(endpoint).fetch(ISSUER_URL)) == _KEY_SET


@pytest.mark.parametrize(
    ("issuer", "reason"),
    [
        ("https://example.com", "https://example.com is no user pool"),
        (
            "https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_X",
            "https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_X is no user pool",
        ),
        (
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_X/../..",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_X/../.. is no user pool",
        ),
        (
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_None",
            "{}/eu-west-1_None/.well-known/jwks.json: 404 Not Found",
        ),
        (
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_List",
            "{}/eu-west-1_List/.well-known/jwks.json: that is no JWK Set of at most 150000 bytes",
        ),
        (
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Long",
            "{}/eu-west-1_Long/.well-known/jwks.json: that is no JWK Set of at most 150000 bytes",
        ),
        (
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Text",
            "{}/eu-west-1_Text/.well-known/jwks.json: Expecting value: line 1 column 1 (char 0)",
        ),
    ],
)
def test_what_is_no_key_set_is_an_error(endpoint: str, issuer: str, reason: str) -> None:
    with pytest.raises(KeySourceError) as caught:
        asyncio.run(CognitoKeys(endpoint).fetch(issuer))
    assert str(caught.value) == reason.format(endpoint)


def test_an_endpoint_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeySourceError, match="refused"):
        asyncio.run(CognitoKeys("http://127.0.0.1:1").fetch(ISSUER_URL))
