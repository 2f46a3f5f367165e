"""RDS Proxy.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxy.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ConnectionPoolConfiguration.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBProxyNotFoundFault
from moto.rds.models import DBProxyTargetGroup, RDSBackend
from moto.rds.responses import RDSResponse

_ATTRIBUTES = {
    "Auth": "auth",
    "DebugLogging": "debug_logging",
    "IdleClientTimeout": "idle_client_timeout",
    "RequireTLS": "require_tls",
    "RoleArn": "role_arn",
    "SecurityGroups": "vpc_security_group_ids",
}


def correct() -> None:
    _change_proxies()
    _keep_initialization_queries()


def _change_proxies() -> None:
    """ModifyDBProxy is missing."""

    def modify_db_proxy(self: RDSResponse) -> ActionResult:
        name = self.params["DBProxyName"]
        proxy = self.backend.db_proxies.get(name)
        if proxy is None:
            raise DBProxyNotFoundFault(name)
        for parameter, attribute in _ATTRIBUTES.items():
            if self.params.get(parameter) is not None:
                setattr(proxy, attribute, self.params[parameter])
        return ActionResult({"DBProxy": proxy})

    setattr(RDSResponse, "modify_db_proxy", modify_db_proxy)  # noqa: B010  moto does not declare it


def _keep_initialization_queries() -> None:
    """InitQuery is forgotten: Terraform would set it again in every plan."""
    modify = RDSBackend.modify_db_proxy_target_group
    configuration = vars(DBProxyTargetGroup)["connection_pool_config"].fget

    def modify_target_group(self: RDSBackend, proxy_name: str, config: dict[str, Any]) -> DBProxyTargetGroup:
        group = modify(self, proxy_name, config)
        if "InitQuery" in config:
            vars(group)["init_query"] = config["InitQuery"]
        return group

    def connection_pool_config(self: DBProxyTargetGroup) -> dict[str, Any]:
        query = vars(self).get("init_query")
        return {**configuration(self), **({"InitQuery": query} if query else {})}

    setattr(RDSBackend, "modify_db_proxy_target_group", modify_target_group)  # noqa: B010  mypy does not let it be
    setattr(DBProxyTargetGroup, "connection_pool_config", property(connection_pool_config))  # noqa: B010  the same
