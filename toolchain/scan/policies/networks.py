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
    clients = _clients(plan)
    for resource in plan.of(*_SOURCES):
        for rule in _rules(resource):
            if wide := list(_wide(rule)):
                message = f"{', '.join(wide)} may reach port {_PORT}; refer to the functions' security group"
                yield Finding(_CHECK, resource.address, message)
            ids = list(_groups(rule))
            sources = ids if all(ids) and ids else plan.sources(resource, _SOURCES[resource.type])
            for source in sorted(set(map(str, sources)) - clients):
                if problem := _stranger(source):
                    yield Finding(_CHECK, resource.address, problem)


def _clients(plan: Plan) -> set[str]:
    """The groups that functions and the proxy have: their addresses, and their ids if they are known."""
    found: set[str] = set()
    for client in plan.of(*_CLIENTS):
        key = _CLIENTS[client.type]
        value = client.values.get(key)
        if value or client.unknown.get(key):
            found.update(filter(_is_group, plan.sources(client, key)))
        for each in value or ():
            found.update(each.get("security_group_ids") or () if isinstance(each, Mapping) else [each])
    return found


def _stranger(source: str) -> str | None:
    if source.startswith("sg-") or _is_group(source):
        return f"{source} may reach port {_PORT}, and is no group of functions or of the proxy"
    if source.startswith(("local.", "each.", "var.")):
        return f"{source} may reach port {_PORT}; refer to a security group that can be followed"
    return None


def _wide(rule: Mapping[str, Any]) -> Iterator[str]:
    for key in _WIDE:
        value = rule.get(key) or []
        yield from value if isinstance(value, list) else [value]
    if rule.get("self"):
        yield "itself"


def _groups(rule: Mapping[str, Any]) -> Iterator[str | None]:
    """The ids of groups that a rule names, None for one that is not known yet."""
    for key in ("referenced_security_group_id", "source_security_group_id", "security_groups"):
        value = rule.get(key) or []
        yield from value if isinstance(value, list) else [value]


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
