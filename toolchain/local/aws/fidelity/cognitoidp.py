"""Cognito's control plane. The data plane is not moto's at all: see toolchain.local.cognito."""

import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from moto.cognitoidp import models
from moto.cognitoidp.exceptions import ResourceNotFoundError
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool, CognitoIdpUserPoolAttribute
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult, EmptyResult

_CREATE_ONLY = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration", "UserPoolTags")

_users: dict[str, Callable[[str], int]] = {"count": lambda _pool_id: 0}


def set_user_count(count: Callable[[str], int]) -> None:
    """Where DescribeUserPool's EstimatedNumberOfUsers comes from."""
    _users["count"] = count


def correct() -> None:
    _keep_what_only_creation_sets()
    _count_users()
    _tell_the_tier()
    _have_standard_attributes()
    _have_no_keys()
    _tag_pools()
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
        pool.extended_config = {**pool.extended_config, **kept, **_named(extended_config, "UserPoolTags")}
        pool.extended_config.pop("UserPoolId", None)
        pool.mfa_config = extended_config.get("MfaConfiguration") or pool.mfa_config

    CognitoIdpBackend.update_user_pool = update_user_pool  # type: ignore[method-assign]


def _named(settings: dict[str, Any], name: str) -> dict[str, Any]:
    return {name: settings[name]} if name in settings else {}


def _tag_pools() -> None:
    """TagResource and its like are missing.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TagResource.html
    """

    def tag_resource(self: CognitoIdpResponse) -> ActionResult:
        _tags(self).update(self._get_param("Tags"))
        return EmptyResult()

    def untag_resource(self: CognitoIdpResponse) -> ActionResult:
        for name in self._get_param("TagKeys"):
            _tags(self).pop(name, None)
        return EmptyResult()

    def list_tags_for_resource(self: CognitoIdpResponse) -> ActionResult:
        return ActionResult({"Tags": _tags(self)})

    def _tags(response: CognitoIdpResponse) -> dict[str, str]:
        pool_id = response._get_param("ResourceArn").rpartition("/")[2]  # noqa: SLF001
        pool = response.backend.describe_user_pool(pool_id)
        tags: dict[str, str] = pool.extended_config.setdefault("UserPoolTags", {})
        return tags

    for method in (tag_resource, untag_resource, list_tags_for_resource):
        setattr(CognitoIdpResponse, method.__name__, method)


def _count_users() -> None:
    """EstimatedNumberOfUsers counts moto's users, of which there are none."""
    original = CognitoIdpUserPool._base_json  # noqa: SLF001  what is corrected has no public name

    def base_json(self: CognitoIdpUserPool) -> dict[str, Any]:
        return {**original(self), "EstimatedNumberOfUsers": _users["count"](self.id)}

    CognitoIdpUserPool._base_json = base_json  # type: ignore[method-assign]  # noqa: SLF001


def _tell_the_tier() -> None:
    """A pool that was created without a UserPoolTier has none; on AWS it has the default: ESSENTIALS.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
    """
    original = CognitoIdpUserPool.to_json

    def to_json(self: CognitoIdpUserPool, extended: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  moto's signature
        found = original(self, extended)
        return {"UserPoolTier": "ESSENTIALS", **found} if extended else found

    CognitoIdpUserPool.to_json = to_json  # type: ignore[method-assign]


def _have_standard_attributes() -> None:
    """A pool with an attribute of its own loses the standard ones: nobody can have an e-mail address.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
    """
    original = CognitoIdpUserPool.__init__

    def init(self: CognitoIdpUserPool, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  moto's own arguments
        original(self, *args, **kwargs)
        standard = {
            name: CognitoIdpUserPoolAttribute(name, False, schema)  # noqa: FBT003  moto's signature
            for name, schema in CognitoIdpUserPoolAttribute.STANDARD_SCHEMA.items()
        }
        self.schema_attributes = {**standard, **self.schema_attributes}

    CognitoIdpUserPool.__init__ = init  # type: ignore[method-assign]


def _have_no_keys() -> None:
    """For each pool moto reads the key that it would sign with: a tenth of a second, for nothing here."""
    no_keys: Any = SimpleNamespace(RSAKey=SimpleNamespace(import_key=lambda _: None))
    models.jwk = no_keys  # type: ignore[attr-defined]


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
