"""What a stage costs by the month, from a plan's JSON."""

from decimal import Decimal
from typing import Any

import pytest

from toolchain.deploy.costs import Cost, Costs, costs_of, table
from toolchain.errors import ToolchainError

type Resource = tuple[str, dict[str, Any]]


def _plan(*resources: Resource, region: str = "eu-west-1", **variables: dict[str, int]) -> dict[str, Any]:
    """A plan of resources, the last of them in a module in a module."""
    found = [{"mode": "managed", "type": kind, "values": values} for kind, values in resources]
    data = {"mode": "data", "type": "aws_kms_key", "values": {}}
    return {
        "variables": {"region": {"value": region}, **{k: {"value": v} for k, v in variables.items()}},
        "planned_values": {
            "root_module": {
                "resources": [data, *found[:-1]],
                "child_modules": [{"child_modules": [{"resources": found[-1:]}]}],
            }
        },
    }


INSTANCE = {
    "instance_class": "db.t4g.micro",
    "multi_az": False,
    "allocated_storage": 20,
    "storage_type": "gp3",
    "manage_master_user_password": True,
}


def test_an_instance_costs_its_hours_its_storage_and_its_secret() -> None:
    """730 hours a month: 0.017 * 730, 0.127 * 20, and RDS's own secret."""
    assert costs_of(_plan(("aws_db_instance", INSTANCE))).items == (
        Cost("database instance db.t4g.micro in one zone", Decimal("12.41")),
        Cost("database storage, 20 GB in one zone", Decimal("2.54")),
        Cost("secrets", Decimal("0.40")),
    )


def test_a_standby_costs_as_much_again() -> None:
    costs = costs_of(_plan(("aws_db_instance", {**INSTANCE, "multi_az": True})))
    assert costs.total == 2 * (Decimal("12.41") + Decimal("2.54")) + Decimal("0.40")


def test_aurora_costs_its_smallest_capacity_in_each_instance() -> None:
    cluster = {"serverlessv2_scaling_configuration": [{"min_capacity": 0.5}]}
    instances: Resource = ("aws_rds_cluster_instance", {})
    costs = costs_of(_plan(instances, instances, ("aws_rds_cluster", cluster)))
    assert costs.items == (Cost("database cluster, 2 x 0.5 ACU", Decimal("102.20")),)


def test_aurora_that_pauses_costs_nothing_meanwhile() -> None:
    cluster = {"serverlessv2_scaling_configuration": [{"min_capacity": 0}]}
    assert costs_of(_plan(("aws_rds_cluster_instance", {}), ("aws_rds_cluster", cluster))).total == 0


def test_interface_endpoints_cost_in_each_zone_and_gateways_nothing() -> None:
    interface = ("aws_vpc_endpoint", {"vpc_endpoint_type": "Interface"})
    gateway = ("aws_vpc_endpoint", {"vpc_endpoint_type": "Gateway"})
    costs = costs_of(_plan(interface, gateway, interface, network={"endpoint_zones": 2}))
    assert costs.items == (Cost("interface endpoints", Decimal("32.12")),)


def test_a_nat_gateway_costs_its_hours_and_its_address() -> None:
    assert costs_of(_plan(("aws_nat_gateway", {}), ("aws_eip", {}))).items == (
        Cost("NAT gateways", Decimal("35.04")),
        Cost("public IPv4 addresses", Decimal("3.65")),
    )


def test_equal_things_are_one_row_dearest_first() -> None:
    alarm: Resource = ("aws_cloudwatch_metric_alarm", {})
    key, other = ("aws_kms_key", dict[str, Any]()), ("aws_iam_role", dict[str, Any]())
    assert costs_of(_plan(alarm, alarm, key, alarm, other)).items == (
        Cost("KMS key", Decimal("1.00")),
        Cost("alarms", Decimal("0.30")),
    )


def test_what_has_no_price_here_is_named() -> None:
    instance = {**INSTANCE, "instance_class": "db.r7g.large"}
    costs = costs_of(_plan(("aws_db_proxy", {}), ("aws_db_instance", instance)))
    assert costs.unpriced == ("RDS Proxy", "database instance db.r7g.large")


def test_another_regions_plan_is_refused() -> None:
    with pytest.raises(ToolchainError) as caught:
        costs_of(_plan(("aws_kms_key", {}), region="eu-central-1"))
    assert str(caught.value) == (
        "the plan is for eu-central-1; the prices known are those of eu-west-1: "
        "change toolchain/deploy/prices.py"
    )


def test_the_table_has_a_column_for_each_stage() -> None:
    dev = Costs((Cost("KMS key", Decimal(1)),), ("RDS Proxy",))
    prod = Costs((Cost("alarms", Decimal("2.345")), Cost("KMS key", Decimal(1))))
    assert table({"dev": dev, "prod": prod}) == (
        "| US dollars a month | dev | prod |\n"
        "| --- | ---: | ---: |\n"
        "| alarms |  | 2.35 |\n"
        "| KMS key | 1.00 | 1.00 |\n"
        "| **together** | **1.00** | **3.35** |\n"
        "\n"
        "Not counted: RDS Proxy (dev)\n"
    )
