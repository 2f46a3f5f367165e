"""Databases as moto's control plane has them, and the networks that functions and databases are in.

moto's RDS and EC2 take half a second to load: where nobody has asked for them, they have nothing.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from toolchain.local.aws.listening import Database
from toolchain.local.deployed.database_choice import Candidate
from toolchain.local.place import Place

if TYPE_CHECKING:
    from moto.rds.models import RDSBackend


def read_candidates(place: Place) -> list[Candidate]:
    """The instances and clusters of an account and region; instances of a cluster are not counted."""
    if "moto.rds.models" not in sys.modules:
        return []
    from moto.rds.models import rds_backends

    backend = rds_backends[place.account_id][place.region]
    return [*_instances(place, backend), *_clusters(place, backend)]


def vpcs_of(place: Place, subnets: Iterable[str]) -> frozenset[str]:
    """The VPCs that subnets are in, as far as there are such subnets."""
    wanted = frozenset(subnets)
    if not wanted or "moto.ec2.models" not in sys.modules:
        return frozenset()
    from moto.ec2.models import ec2_backends

    backend = ec2_backends[place.account_id][place.region]
    known = {subnet.id: subnet.vpc_id for subnet in backend.describe_subnets()}
    return frozenset(known[subnet] for subnet in wanted if subnet in known)


def _instances(place: Place, backend: "RDSBackend") -> Iterator[Candidate]:
    for instance in list(backend.databases.values()):
        if instance.db_cluster_identifier is None:
            identifier = instance.db_instance_identifier
            group = getattr(instance, "db_subnet_group", None)
            yield Candidate(
                Database("instance", place, identifier, instance.db_name or None),
                frozenset({instance.address, *_proxies(backend, identifier)}),
                group.vpc_id if group else None,
            )


def _clusters(place: Place, backend: "RDSBackend") -> Iterator[Candidate]:
    for cluster in list(backend.clusters.values()):
        identifier = cluster.db_cluster_identifier
        group = backend.subnet_groups.get(cluster.db_subnet_group)
        yield Candidate(
            Database("cluster", place, identifier, cluster.database_name or None),
            frozenset({cluster.endpoint, cluster.reader_endpoint, *_proxies(backend, identifier)}),
            group.vpc_id if group else None,
        )


def _proxies(backend: "RDSBackend", identifier: str) -> Iterator[Any]:
    """The addresses of the proxies in front of a database."""
    for proxy in list(backend.db_proxies.values()):
        groups = list(proxy.proxy_target_groups.values())
        if any(target.rds_resource_id == identifier for group in groups for target in group.targets):
            yield proxy.endpoint
