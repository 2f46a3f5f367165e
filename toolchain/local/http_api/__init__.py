"""The HTTP API on this machine: requests in, functions' answers out, as API Gateway does it.

    api = HttpApi(functions, Settings(Api("123456789012", "local", "eu-west-1"), keys, LOCAL_CORS))
    api.deploy(Routes.declared(declarations, Issuer(url, frozenset({client_id}))))
    async with serving(api, listener):
        ...

Beside each rule is where it is from: a page of AWS's documentation (http-api-... are in the API Gateway
developer guide), a measurement that somebody has published, or [U]: unverified, the likelier of two ways.
"""

from toolchain.local.http_api.cognito_keys import CognitoKeys
from toolchain.local.http_api.cors import LOCAL_CORS, Cors
from toolchain.local.http_api.deployed import read_cors, read_routes
from toolchain.local.http_api.gateway import HttpApi, Settings
from toolchain.local.http_api.identity import Api
from toolchain.local.http_api.keys import KeySource, KeySourceError
from toolchain.local.http_api.routes import Authorization, Issuer, Route, Routes
from toolchain.local.http_api.server import serving

__all__ = [
    "LOCAL_CORS",
    "Api",
    "Authorization",
    "CognitoKeys",
    "Cors",
    "HttpApi",
    "Issuer",
    "KeySource",
    "KeySourceError",
    "Route",
    "Routes",
    "Settings",
    "read_cors",
    "read_routes",
    "serving",
]
