"""The pool that `up` uses, from what the functions declare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPool, CognitoIdpUserPoolClient

from toolchain.local.cognito.app_pages import APP_PAGES
from toolchain.local.cognito.moto_pools import MotoPools
from toolchain.local.place import Place
from toolchain.manifest.model import Function

_POOL = "local"
_CLIENT = "local-app"
_DOMAIN = "local"


@dataclass(frozen=True, slots=True)
class LocalPool:
    """What an app has to know to sign in."""

    region: str
    user_pool_id: str
    client_id: str
    domain: str
    issuer: str


def own_pools(pools: MotoPools) -> dict[str, str]:
    """Of all pools, names by id, those that `provision` made."""
    return {pool_id: name for pool_id, name in pools.names().items() if name == _POOL}


def provision(pools: MotoPools, functions: Iterable[Function], place: Place) -> LocalPool:
    """Make the pool, or bring it up to date; ids stay the same, users too.

    Users sign in with their e-mail. The functions' triggers are wired, and the groups that routes ask for
    are there.
    """
    declared = list(functions)
    triggers = _triggers(declared, place)
    backend = pools.backend(place.account_id, place.region)
    pool = next((pool for pool in backend.user_pools.values() if pool.name == _POOL), None)
    if pool is None:
        pool = backend.create_user_pool(_POOL, _pool_settings())
    pool.extended_config["LambdaConfig"] = triggers
    client = _provide_client(pool, has_custom_auth="DefineAuthChallenge" in triggers)
    for group in _groups(declared) - pool.groups.keys():
        backend.create_group(pool.id, group, "", "", None)  # type: ignore[arg-type]  # a group may have none
    domain = pools.domain(pool.id) or _create_domain(pools, pool, place)
    pools.save()
    issuer = pools.by_id(pool.id).issuer
    return LocalPool(place.region, pool.id, client.id, domain, issuer)


def _triggers(functions: list[Function], place: Place) -> dict[str, Any]:
    """LambdaConfig."""
    found: dict[str, Any] = {}
    for function in functions:
        for trigger in function.cognito:
            found |= _setting(trigger.trigger, trigger.version, place.function_arn(function.name))
    return found


def _setting(trigger: str, version: str | None, arn: str) -> dict[str, Any]:
    if trigger == "PreTokenGeneration":
        config = {"LambdaArn": arn, "LambdaVersion": version or "V1_0"}
        return {"PreTokenGeneration": arn, "PreTokenGenerationConfig": config}
    if trigger in ("CustomEmailSender", "CustomSMSSender"):
        return {trigger: {"LambdaArn": arn, "LambdaVersion": "V1_0"}}
    return {trigger: arn}


def _groups(functions: list[Function]) -> set[str]:
    return {
        group
        for function in functions
        for trigger in function.http
        if trigger.auth
        for group in trigger.auth.groups
    }


def _pool_settings() -> dict[str, Any]:
    return {
        "UsernameAttributes": ["email"],
        "AutoVerifiedAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": False},
        "MfaConfiguration": "OFF",
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
    }


def _provide_client(pool: CognitoIdpUserPool, *, has_custom_auth: bool) -> CognitoIdpUserPoolClient:
    """An app client without a secret: browsers and phones can't keep one."""
    settings = _client_settings(has_custom_auth=has_custom_auth)
    clients: Mapping[str, CognitoIdpUserPoolClient] = pool.clients
    client = next((c for c in clients.values() if c.extended_config.get("ClientName") == _CLIENT), None)
    if client is None:
        client = pool.backend.create_user_pool_client(
            pool.id, generate_secret=False, extended_config=settings
        )
    client.extended_config.update(settings)
    return client


def _client_settings(*, has_custom_auth: bool) -> dict[str, Any]:
    flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    return {
        "ClientName": _CLIENT,
        "ExplicitAuthFlows": [*flows, *(["ALLOW_CUSTOM_AUTH"] if has_custom_auth else [])],
        "PreventUserExistenceErrors": "ENABLED",
        "SupportedIdentityProviders": ["COGNITO"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
        "CallbackURLs": list(APP_PAGES),
        "LogoutURLs": list(APP_PAGES),
    }


def _create_domain(pools: MotoPools, pool: CognitoIdpUserPool, place: Place) -> str:
    domain = f"{_DOMAIN}-{pool.id.partition('_')[2][:8].lower()}"
    pools.backend(place.account_id, place.region).create_user_pool_domain(pool.id, domain)
    return domain
