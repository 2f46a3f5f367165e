"""Who calls, as events say it: the claims of a verified token, all of them text.

Measured on AWS with a Cognito user pool (github.com/floci-io/floci/pull/2011): numbers and booleans as JSON
writes them, lists as `[a b]`, null left out. Objects, of which Cognito has none: JSON. [U]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified token: its scopes, when it expires (seconds since the epoch), and JSON for events.

    `scopes` of an event is the token's whole list on a route that asks for scopes (floci, as above), and null
    on one that doesn't.
    """

    scopes: frozenset[str]
    expires_at: float
    with_scopes: orjson.Fragment
    without_scopes: orjson.Fragment


def read_caller(claims: Mapping[str, Any]) -> Caller:
    """The caller of verified claims."""
    scopes = _scopes(claims)
    rendered = {name: _render(value) for name, value in claims.items() if value is not None}
    return Caller(
        scopes=frozenset(scopes),
        expires_at=float(claims["exp"]),
        with_scopes=orjson.Fragment(orjson.dumps({"claims": rendered, "scopes": scopes})),
        without_scopes=orjson.Fragment(orjson.dumps({"claims": rendered, "scopes": None})),
    )


def _scopes(claims: Mapping[str, Any]) -> list[str]:
    """`scope` or `scp` (http-api-jwt-authorizer): text with spaces between them, or a list."""
    value = claims["scope"] if "scope" in claims else claims.get("scp")
    if isinstance(value, str):
        return value.split()
    if isinstance(value, list):
        return [scope for scope in value if isinstance(scope, str)]
    return []


def _render(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{' '.join(map(_render, value))}]"
    return orjson.dumps(value).decode()
