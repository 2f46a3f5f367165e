"""Cognito's control plane. The data plane is not moto's at all: see toolchain.local.cognito."""

import copy
from collections.abc import Callable
from typing import Any

from moto.cognitoidp.exceptions import ResourceNotFoundError
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult, EmptyResult

_CREATE_ONLY = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")

_users: dict[str, Callable[[str], int]] = {"count": lambda _pool_id: 0}


def set_user_count(count: Callable[[str], int]) -> None:
    """Where DescribeUserPool's EstimatedNumberOfUsers comes from."""
    _users["count"] = count


def correct() -> None:
    _keep_what_only_creation_sets()
    _count_users()
    _change_resource_servers()


def _keep_what_only_creation_sets() -> None:
    """UpdateUserPool drops UsernameAttributes and the like (Terraform then plans to REPLACE the pool), does
    not set MfaConfiguration, and lets pools share the mappings of their defaults.
    """
    original = CognitoIdpBackend.update_user_pool

    def update_user_pool(self: CognitoIdpBackend, user_pool_id: str, extended_config: dict[str, Any]) -> None:
        pool = self.describe_user_pool(user_pool_id)
        kept = {name: pool.extended_config[name] for name in _CREATE_ONLY if name in pool.extended_config}
        original(self, user_pool_id, copy.deepcopy(extended_config))
        pool.extended_config.update(kept)
        pool.extended_config.pop("UserPoolId", None)
        pool.mfa_config = extended_config.get("MfaConfiguration") or pool.mfa_config

    CognitoIdpBackend.update_user_pool = update_user_pool  # type: ignore[method-assign]


def _count_users() -> None:
    """EstimatedNumberOfUsers counts moto's users, of which there are none."""
    original = CognitoIdpUserPool._base_json  # noqa: SLF001  what is corrected has no public name

    def base_json(self: CognitoIdpUserPool) -> dict[str, Any]:
        return {**original(self), "EstimatedNumberOfUsers": _users["count"](self.id)}

    CognitoIdpUserPool._base_json = base_json  # type: ignore[method-assign]  # noqa: SLF001


def _change_resource_servers() -> None:
    """DeleteResourceServer and UpdateResourceServer are missing: `terraform destroy` hangs."""

    def delete_resource_server(self: CognitoIdpResponse) -> ActionResult:
        servers = _servers(self)
        del servers[self._get_param("Identifier")]
        return EmptyResult()

    def update_resource_server(self: CognitoIdpResponse) -> ActionResult:
        server = _servers(self)[self._get_param("Identifier")]
        server.name, server.scopes = self._get_param("Name"), self._get_param("Scopes")
        return ActionResult({"ResourceServer": server.to_json()})

    def _servers(response: CognitoIdpResponse) -> dict[str, Any]:
        servers = response.backend.describe_user_pool(response._get_param("UserPoolId")).resource_servers  # noqa: SLF001
        identifier = response._get_param("Identifier")  # noqa: SLF001
        if identifier not in servers:
            raise ResourceNotFoundError(f"Resource server {identifier} does not exist.")
        return servers

    for method in (delete_resource_server, update_resource_server):
        setattr(CognitoIdpResponse, method.__name__, method)
