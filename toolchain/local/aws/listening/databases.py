"""RDS instances and Aurora clusters in moto: when they come and go."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from moto.rds.models import RDSBackend, rds_backends

from toolchain.local.aws.listening.calls import place_of, told
from toolchain.local.aws.listening.protocol import Database, Listener
from toolchain.local.triggers.replacements import Replacement

type _Kind = Literal["instance", "cluster"]


def replacements(listener: Listener) -> list[Replacement]:
    """Tell the listener of databases. An instance of a cluster has no schemas of its own: only the cluster
    counts.
    """
    return [
        told(RDSBackend, "create_db_instance", _when("instance", listener.database_created)),
        told(RDSBackend, "delete_db_instance", _when("instance", listener.database_deleted)),
        told(RDSBackend, "create_db_cluster", _when("cluster", listener.database_created)),
        told(RDSBackend, "delete_db_cluster", _when("cluster", listener.database_deleted)),
    ]


def existing() -> Iterator[Database]:
    """The databases that there are."""
    for regions in list(rds_backends.values()):
        for backend in list(regions.values()):
            instances = [each for each in list(backend.databases.values()) if not _is_member(each)]
            yield from (_database("instance", backend, each) for each in instances)
            yield from (_database("cluster", backend, each) for each in list(backend.clusters.values()))


def _when(kind: _Kind, tell: Callable[[Database], None]) -> Callable[[RDSBackend, dict[str, Any], Any], None]:
    def happened(backend: RDSBackend, _: dict[str, Any], moto: Any) -> None:  # noqa: ANN401  moto's type
        if kind == "cluster" or not _is_member(moto):
            tell(_database(kind, backend, moto))

    return happened


def _is_member(instance: Any) -> bool:  # noqa: ANN401  moto's type
    return instance.db_cluster_identifier is not None


def _database(kind: _Kind, backend: RDSBackend, moto: Any) -> Database:  # noqa: ANN401  moto's type
    identifier = moto.db_instance_identifier if kind == "instance" else moto.db_cluster_identifier
    name = moto.db_name if kind == "instance" else moto.database_name
    return Database(kind, place_of(backend), identifier, name or None)
