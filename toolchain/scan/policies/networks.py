"""Who reaches the database: nothing but the security groups of functions and of the proxy."""

from collections.abc import Iterator, Mapping
from typing import Any

from toolchain.scan.findings import Finding
from toolchain.scan.plan import Plan, Resource

_PORT = 3306
_CHECK = "own/open_database"
_WIDE = (
    *("cidr_ipv4", "cidr_ipv6", "prefix_list_id"),
    *("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"),
)
_SOURCES = {
    "aws_vpc_security_group_ingress_rule": "referenced_security_group_id",
    "aws_security_group_rule": "source_security_group_id",
    "aws_security_group": "ingress",
    "aws_default_security_group": "ingress",
}
_CLIENTS = {"aws_lambda_function": "vpc_config", "aws_db_proxy": "vpc_security_group_ids"}


def open_databases(plan: Plan) -> Iterator[Finding]:
    """Rules that let in more than the groups of functions and of the proxy to MySQL's port."""
    clients = {
        source
        for client in plan.of(*_CLIENTS)
        if client.values.get(_CLIENTS[client.type]) or client.unknown.get(_CLIENTS[client.type])
        for source in plan.sources(client, _CLIENTS[client.type])
        if _is_group(source)
    }
    for resource in plan.of(*_SOURCES):
        rules = list(_rules(resource))
        for rule in rules:
            if wide := list(_wide(rule)):
                message = f"{', '.join(wide)} may reach port {_PORT}; refer to the functions' security group"
                yield Finding(_CHECK, resource.address, message)
        if rules:
            yield from _strangers(plan, resource, clients)


def _wide(rule: Mapping[str, Any]) -> Iterator[str]:
    for key in _WIDE:
        value = rule.get(key) or []
        yield from value if isinstance(value, list) else [value]
    if rule.get("self"):
        yield "itself"


def _strangers(plan: Plan, resource: Resource, clients: set[str]) -> Iterator[Finding]:
    for source in sorted(plan.sources(resource, _SOURCES[resource.type]) - clients):
        if _is_group(source):
            message = f"{source} may reach port {_PORT}, and is no group of functions or of the proxy"
            yield Finding(_CHECK, resource.address, message)
        elif source.startswith(("local.", "each.", "var.")):
            message = f"{source} may reach port {_PORT}; refer to a security group that can be followed"
            yield Finding(_CHECK, resource.address, message)


def _rules(resource: Resource) -> Iterator[Mapping[str, Any]]:
    """The rules of a resource that cover the port."""
    values = resource.values
    if resource.type in ("aws_security_group", "aws_default_security_group"):
        rules = values.get("ingress") or []
    elif resource.type == "aws_security_group_rule" and values.get("type") != "ingress":
        rules = []
    else:
        rules = [values]
    return (rule for rule in rules if _covers(rule))


def _covers(rule: Mapping[str, Any]) -> bool:
    protocol = str(rule.get("ip_protocol") or rule.get("protocol"))
    if protocol in ("-1", "all"):
        return True
    first, last = rule.get("from_port"), rule.get("to_port")
    return protocol in ("tcp", "6") and first is not None and last is not None and first <= _PORT <= last


def _is_group(address: str) -> bool:
    return address.split(".")[-2] == "aws_security_group" if "." in address else False
