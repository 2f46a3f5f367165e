"""RDS Proxy.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxy.html
"""

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBProxyNotFoundFault
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
