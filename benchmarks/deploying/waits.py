"""What the AWS provider waits by itself, whoever answers: before it first asks, and between questions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

OWN_SECONDS = {
    "aws_acm_certificate_validation": 5,
    "aws_db_event_subscription": 30,
    "aws_db_instance": 80,
    "aws_kms_key": 12,
    "aws_rds_cluster": 30,
    "aws_rds_cluster_instance": 30,
    "aws_route53_record": 15,
    "aws_route53_zone": 15,
    "aws_s3_bucket_lifecycle_configuration": 55,
    "aws_sqs_queue": 25,
    "aws_sqs_queue_policy": 25,
    "aws_sqs_queue_redrive_allow_policy": 25,
    "aws_sqs_queue_redrive_policy": 25,
    "aws_vpc": 10,
    "aws_vpc_endpoint": 5,
}
"""Seconds that creating one takes with provider 5.100.0 and a server that is done at once: a delay before the
first question, and as many equal answers as it wants, with pauses between them. Of other types: none.
"""

_EDGE = re.compile(r'^\s*"(?P<later>[^"]+)" -> "(?P<earlier>[^"]+)"')
type Graph = Mapping[str, frozenset[str]]
"""What each resource needs first; addresses without the keys of instances."""


def parse_graph(text: str) -> Graph:
    """The output of `terraform graph`."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        if edge := _EDGE.match(line):
            later, earlier = (address_of(edge[name]) for name in ("later", "earlier"))
            found.setdefault(later, set()).add(earlier)
    return {address: frozenset(needed - {address}) for address, needed in found.items()}


def address_of(node: str) -> str:
    """`module.a["k"].aws_x.y[0]` is `module.a.aws_x.y`."""
    return re.sub(r"\[[^\]]*\]", "", node)


def longest_chain(graph: Graph, created: Iterable[str]) -> tuple[float, list[str]]:
    """The most that the provider waits in a row, and for what, in that order."""
    wanted = {address_of(address) for address in created}

    @cache
    def chain(address: str) -> tuple[float, tuple[str, ...]]:
        seconds, before = max((chain(each) for each in graph.get(address, ())), default=(0.0, ()))
        own = own_seconds(address) if address in wanted else 0.0
        return seconds + own, (*before, address) if own else before

    every = {*graph, *(needed for each in graph.values() for needed in each), *wanted}
    seconds, steps = max((chain(address) for address in every), default=(0.0, ()))
    return seconds, list(steps)


def own_seconds(address: str) -> float:
    """Of a resource, by its type."""
    return float(OWN_SECONDS.get(address.split(".")[-2], 0)) if "." in address else 0.0


def slowest(seconds: Mapping[str, float], count: int) -> Iterator[tuple[str, float]]:
    """The resources that took longest."""
    yield from sorted(seconds.items(), key=lambda item: -item[1])[:count]
