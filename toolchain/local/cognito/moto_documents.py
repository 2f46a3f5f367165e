"""moto's pools as text, and back: what of the control plane survives a restart.

The text is what is in moto's objects, by their own names: a version of moto that renames something gets a
new version of the store.
"""

import json
from datetime import datetime
from typing import Any

from moto.cognitoidp.models import (
    CognitoIdpBackend,
    CognitoIdpGroup,
    CognitoIdpIdentityProvider,
    CognitoIdpUserPool,
    CognitoIdpUserPoolAttribute,
    CognitoIdpUserPoolClient,
    CognitoIdpUserPoolDomain,
    CognitoResourceServer,
)

_OWN = (
    *("id", "arn", "name", "status", "extended_config", "creation_date", "last_modified_date"),
    *("mfa_config", "sms_mfa_config", "token_mfa_config"),
)
_PARTS = {
    "schema_attributes": CognitoIdpUserPoolAttribute,
    "clients": CognitoIdpUserPoolClient,
    "groups": CognitoIdpGroup,
    "resource_servers": CognitoResourceServer,
    "identity_providers": CognitoIdpIdentityProvider,
}


def dump_pool(backend: CognitoIdpBackend, pool: CognitoIdpUserPool) -> str:
    """All that the control plane knows of a pool."""
    domains = [
        vars(domain) for domain in list(backend.user_pool_domains.values()) if domain.user_pool_id == pool.id
    ]
    document = {
        "pool": {name: getattr(pool, name) for name in _OWN},
        **{part: [_members(value) for value in list(getattr(pool, part).values())] for part in _PARTS},
        "domains": domains,
    }
    return json.dumps(document, sort_keys=True, default=_encode)


def load_pool(backend: CognitoIdpBackend, text: str) -> None:
    """Make a pool again that was dumped."""
    document = json.loads(text, object_hook=_decode)
    own = document["pool"]
    pool = CognitoIdpUserPool(backend.account_id, backend.region_name, own["name"], {})
    vars(pool).update(own)
    for part, kind in _PARTS.items():
        values = [_make(kind, members) for members in document[part]]
        setattr(pool, part, {_key(part, value): value for value in values})
    for members in document["domains"]:
        backend.user_pool_domains[members["domain"]] = _make(CognitoIdpUserPoolDomain, members)
    backend.user_pools[pool.id] = pool


def _members(value: object) -> dict[str, Any]:
    """Without a group's members: who is in it, our own store knows."""
    return {name: member for name, member in vars(value).items() if name != "users"}


def _make(kind: type[Any], members: dict[str, Any]) -> Any:  # noqa: ANN401  one of moto's classes
    value = object.__new__(kind)
    vars(value).update(members)
    if kind is CognitoIdpGroup:
        value.users = set()
    return value


def _key(part: str, value: Any) -> str:  # noqa: ANN401  one of moto's objects
    names = {"clients": "id", "groups": "group_name", "resource_servers": "identifier"}
    return str(getattr(value, names.get(part, "name")))


def _encode(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    raise TypeError(f"a pool has a {type(value).__name__}, which the store does not know")


def _decode(value: dict[str, Any]) -> Any:  # noqa: ANN401  any JSON
    return datetime.fromisoformat(value["$datetime"]) if value.keys() == {"$datetime"} else value
