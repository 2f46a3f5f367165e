"""The keys of local user pools, from the endpoint that publishes them.

Tokens name the pool's address on AWS as their issuer, so that clients and Terraform see what they will see
there; its keys are had from this machine all the same.

    https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE01
    -> http://127.0.0.1:4566/eu-west-1_EXAMPLE01/.well-known/jwks.json
"""

import asyncio
import json
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from toolchain.local.http_api.keys import KeySourceError

# The endpoint is in this very process: where API Gateway gives up on an issuer after 1.5 s, a busy laptop may
# still be starting, and a 401 would tell the user that the token is bad.
TIMEOUT_SECONDS = 10.0
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
MAX_BYTES = 150_000

_ISSUER = re.compile(r"https://cognito-idp\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(\1_[0-9A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class CognitoKeys:
    """A KeySource for every user pool of a local endpoint, such as `http://127.0.0.1:4566`."""

    endpoint: str

    async def fetch(self, issuer: str) -> Mapping[str, Any]:
        """The pool's JWK Set. Raises KeySourceError."""
        match = _ISSUER.fullmatch(issuer)
        if match is None:
            raise KeySourceError(f"{issuer} is no user pool")
        return await asyncio.to_thread(_read, self.endpoint, f"/{match[2]}/.well-known/jwks.json")


def _read(endpoint: str, path: str) -> Mapping[str, Any]:
    """Without urllib.request, which goes through proxies, or loads certificates to be told not to."""
    url = f"{endpoint}{path}"
    try:
        with closing(HTTPConnection(urlsplit(endpoint).netloc, timeout=TIMEOUT_SECONDS)) as connection:
            connection.request("GET", path)
            with connection.getresponse() as response:
                if response.status != HTTPStatus.OK:
                    raise KeySourceError(f"{url}: {response.status} {response.reason}")
                text = response.read(MAX_BYTES + 1)
        key_set = json.loads(text)
    except (OSError, HTTPException, ValueError) as error:
        raise KeySourceError(f"{url}: {error}") from error
    if len(text) > MAX_BYTES or not isinstance(key_set, dict):
        raise KeySourceError(f"{url}: that is no JWK Set of at most {MAX_BYTES} bytes")
    return key_set
