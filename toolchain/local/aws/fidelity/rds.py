"""RDS: the database is the private MariaDB."""

import hashlib
from typing import Any

from moto.rds.models import DBCluster, DBInstance, DBParameterGroup, DBProxy, DBSubnetGroup, RDSBackend

from toolchain.local.aws.fidelity.rds_address import address_of_database

_AUTHORITY = "rds-ca-rsa2048-g1"
_INSIGHTS = (
    "enable_performance_insights",
    "performance_insights_kms_key_id",
    "performance_insights_retention_period",
)


def correct() -> None:
    _give_each_instance_an_id()
    _point_to_the_real_database()
    _point_clusters_to_the_real_database()
    _keep_what_instances_are_given()
    _say_whose_parameters_are_set()
    _answer_as_asked_about_clusters()
    _keep_subnet_groups_that_are_changed()


def _give_each_instance_an_id() -> None:
    """Every instance has the same DbiResourceId: the AWS provider can't read a second one."""
    original = DBInstance.__init__

    def init(self: DBInstance, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  moto's own arguments
        original(self, *args, **kwargs)
        digest = hashlib.sha256(self.db_instance_identifier.encode()).hexdigest()
        self.dbi_resource_id = f"db-{digest[:26].upper()}"

    DBInstance.__init__ = init  # type: ignore[method-assign]


def _keep_what_instances_are_given() -> None:
    """What is said of Performance Insights is dropped. Without a certificate authority, an instance has
    `rds-ca-default`; then the AWS provider changes it, restarts the instance, and waits 3 minutes.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
    """
    original = DBInstance.__init__

    def init(self: DBInstance, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  moto's own arguments
        original(self, *args, **{"ca_certificate_identifier": _AUTHORITY, **kwargs})
        for name in _INSIGHTS:
            setattr(self, name, kwargs.get(name))

    def performance_insights_enabled(self: DBInstance) -> bool:
        return bool(vars(self).get("enable_performance_insights"))

    DBInstance.__init__ = init  # type: ignore[method-assign]
    setattr(DBInstance, "performance_insights_enabled", property(performance_insights_enabled))  # noqa: B010  the same
    # For engines that are asked for without a version; moto knows none of MariaDB's.
    DBInstance.default_engine_versions.update(mariadb="10.11.11", mysql="8.4.5")


def _point_to_the_real_database() -> None:
    """Addresses are invented: nothing listens there."""
    instance_endpoint = vars(DBInstance)["endpoint"].fget
    instance_address = vars(DBInstance)["address"].fget

    def endpoint(self: DBInstance) -> Any:  # noqa: ANN401  moto's type
        database = address_of_database()
        return {"Address": database[0], "Port": database[1]} if database else instance_endpoint(self)

    def address(self: DBInstance) -> Any:  # noqa: ANN401  moto's type
        database = address_of_database()
        return database[0] if database else instance_address(self)

    def proxy_endpoint(self: DBProxy) -> str:
        database = address_of_database()
        return database[0] if database else str(self.__dict__["endpoint"])

    def keep_proxy_endpoint(self: DBProxy, value: str) -> None:
        self.__dict__["endpoint"] = value

    setattr(DBInstance, "endpoint", property(endpoint))  # noqa: B010  mypy does not let a property be replaced
    setattr(DBInstance, "address", property(address))  # noqa: B010  the same
    setattr(DBProxy, "endpoint", property(proxy_endpoint, keep_proxy_endpoint))  # noqa: B010  the same


def _point_clusters_to_the_real_database() -> None:
    """As instances; a cluster has its port beside its addresses."""

    def address(name: str) -> property:
        original = vars(DBCluster)[name].fget

        def read(self: DBCluster) -> str:
            database = address_of_database()
            return database[0] if database else str(original(self))

        return property(read)

    def port(self: DBCluster) -> Any:  # noqa: ANN401  moto's type
        database = address_of_database()
        return database[1] if database else self.__dict__["port"]

    def keep_port(self: DBCluster, value: object) -> None:
        self.__dict__["port"] = value

    for name in ("endpoint", "reader_endpoint"):
        setattr(DBCluster, name, address(name))
    setattr(DBCluster, "port", property(port, keep_port))  # noqa: B010  as above


def _say_whose_parameters_are_set() -> None:
    """Parameters of a group lack `Source`: the AWS provider takes them for defaults, and plans them again."""
    original = DBParameterGroup.update_parameters

    def update_parameters(self: DBParameterGroup, new_parameters: Any) -> None:  # noqa: ANN401  moto's type
        original(self, [{**parameter, "Source": "user"} for parameter in new_parameters])

    DBParameterGroup.update_parameters = update_parameters  # type: ignore[method-assign]


def _answer_as_asked_about_clusters() -> None:
    """The data API is refused for most engine modes, and scaling is invented where none was asked for."""
    scaling = vars(DBCluster)["scaling_configuration_info"].fget

    def scaling_configuration_info(self: DBCluster) -> Any:  # noqa: ANN401  moto's type
        return scaling(self) if self.scaling_configuration else None

    def enable_http_endpoint(self: DBCluster) -> bool:
        return bool(self.__dict__.get("_enable_http_endpoint"))

    def keep_http_endpoint(self: DBCluster, value: object) -> None:
        self.__dict__["_enable_http_endpoint"] = bool(value)

    setattr(DBCluster, "scaling_configuration_info", property(scaling_configuration_info))  # noqa: B010  as above
    setattr(DBCluster, "enable_http_endpoint", property(enable_http_endpoint, keep_http_endpoint))  # noqa: B010


def _keep_subnet_groups_that_are_changed() -> None:
    """ModifyDBSubnetGroup removes the group."""
    original = RDSBackend.modify_db_subnet_group

    def modify(self: RDSBackend, subnet_name: str, description: str, subnets: Any) -> DBSubnetGroup:  # noqa: ANN401  moto's type
        group = original(self, subnet_name, description, subnets)
        self.subnet_groups[subnet_name] = group
        return group

    RDSBackend.modify_db_subnet_group = modify  # type: ignore[method-assign]
