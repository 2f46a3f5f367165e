"""Who may reach the database: which rules and groups are found, and which pass."""

from typing import Any

import pytest

from tests.unit.scan.findings import findings_of
from tests.unit.scan.plans import refer, resource


def _rule(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - raw JSON
    return {"ip_protocol": "tcp", "from_port": 3306, "to_port": 3306} | values


NEW_RULE = "aws_vpc_security_group_ingress_rule.this"
OLD_RULE = "aws_security_group_rule.this"


@pytest.mark.parametrize(
    ("address", "values", "who"),
    [
        (NEW_RULE, _rule(cidr_ipv4="10.0.0.0/16"), "10.0.0.0/16"),
        (NEW_RULE, _rule(cidr_ipv6="::/0"), "::/0"),
        (NEW_RULE, _rule(prefix_list_id="pl-1"), "pl-1"),
        (NEW_RULE, _rule(cidr_ipv4="0.0.0.0/0", from_port=0, to_port=65535), "0.0.0.0/0"),
        (NEW_RULE, {"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1"}, "0.0.0.0/0"),
        (NEW_RULE, _rule(cidr_ipv4="10.0.0.0/16", ip_protocol="6"), "10.0.0.0/16"),
        (NEW_RULE, _rule(cidr_ipv4="10.0.0.0/16", from_port=443, to_port=443), None),
        (NEW_RULE, _rule(cidr_ipv4="10.0.0.0/16", ip_protocol="udp"), None),
        (NEW_RULE, _rule(cidr_ipv4="10.0.0.0/16", from_port=3307, to_port=3400), None),
        (OLD_RULE, {"type": "ingress", "protocol": "-1", "self": True}, "itself"),
        (OLD_RULE, {"type": "ingress", "protocol": "-1", "cidr_blocks": ["10.0.0.0/8"]}, "10.0.0.0/8"),
        (OLD_RULE, {"type": "egress", "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}, None),
        ("aws_security_group.this", {"ingress": [{"protocol": "-1", "self": True}]}, "itself"),
        ("aws_security_group.this", {"ingress": []}, None),
    ],
)
def test_open_database(address: str, values: dict[str, Any], who: str | None) -> None:
    """Addresses, lists of them and a group's own members are wider than the functions' group."""
    message = f"{who} may reach port 3306; refer to the functions' security group"
    assert findings_of(resource(address, **values)) == (
        [f"{address}: {message} [own/open_database]"] if who else []
    )


FUNCTION = resource(
    "module.function.aws_lambda_function.this",
    {"vpc_config": [{"security_group_ids": refer("var.groups")}]},
    vpc_config=[{}],
)
DYNAMIC = resource("module.function.aws_lambda_function.this", vpc_config=[{}])
GROUPS = {
    "arguments": {
        "function": {"groups": refer("module.network.functions_id", "module.network")},
        "database": {"source": refer("module.network.functions_id", "module.network")},
    },
    "outputs": {
        "network": {"functions_id": refer("aws_security_group.functions.id", "aws_security_group.functions")}
    },
}
NETWORK = resource("module.network.aws_security_group.functions", ingress=[])
STRANGER = "module.database.aws_security_group.other"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (refer("var.source"), None),
        (
            refer("aws_security_group.other.id", "aws_security_group.other"),
            f"{STRANGER} may reach port 3306, and is no group of functions or of the proxy",
        ),
        (
            refer("each.value.group_id"),
            "each.value.group_id may reach port 3306; refer to a security group that can be followed",
        ),
    ],
)
@pytest.mark.parametrize("function", [FUNCTION, DYNAMIC])
def test_group_that_reaches_the_database(
    source: dict[str, Any], problem: str | None, function: dict[str, Any]
) -> None:
    """It is followed through variables and outputs of modules to the group that functions have."""
    address = "module.database.aws_vpc_security_group_ingress_rule.this"
    rule = resource(
        address, {"referenced_security_group_id": source}, **_rule(referenced_security_group_id=...)
    )
    findings = findings_of(function, NETWORK, rule, **GROUPS)
    assert findings == ([f"{address}: {problem} [own/open_database]"] if problem else [])


def test_groups_that_are_known() -> None:
    """Once they are made, ids tell; a group has its rules from resources of their own, too."""
    function = resource("aws_lambda_function.this", vpc_config=[{"security_group_ids": ["sg-1"]}])
    ingress = [_rule(protocol="tcp", security_groups=["sg-1", "sg-2"])]
    problem = "sg-2 may reach port 3306, and is no group of functions or of the proxy [own/open_database]"
    found = findings_of(function, resource("aws_security_group.database", ingress=ingress))
    assert found == [f"aws_security_group.database: {problem}"]
    ingress = [_rule(protocol="tcp", security_groups=["sg-1"])]
    assert findings_of(function, resource("aws_security_group.database", ingress=ingress)) == []
