"""What a stage costs before anybody uses it: by the month, from a plan as `terraform show -json` prints it.

Requests, log lines, stored objects and traffic come on top. `prices.py` says whose prices these are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from toolchain.deploy import prices
from toolchain.errors import ToolchainError

type Values = Mapping[str, Any]

_CENT = Decimal("0.01")
_WITHOUT_PRICE = {"aws_db_proxy": "RDS Proxy"}


@dataclass(frozen=True, slots=True)
class Cost:
    """One kind of resource: what it is, and its US dollars a month."""

    what: str
    monthly_usd: Decimal


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of a stage, dearest first; `unpriced` names what costs too, but has no price here."""

    items: tuple[Cost, ...]
    unpriced: tuple[str, ...] = field(default=())

    @property
    def total(self) -> Decimal:
        return sum((item.monthly_usd for item in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a cost depends on besides its resource: a first plan knows no endpoint's subnets."""

    endpoint_zones: int
    cluster_instances: int


type _Rule = Callable[[Values, _Stage], Iterator[Cost]]


def costs_of(plan: Mapping[str, Any]) -> Costs:
    """The costs of all that will be there after the plan. Raises ToolchainError for another region's plan."""
    region = plan["variables"]["region"]["value"]
    if region != prices.REGION:
        raise ToolchainError(
            f"the plan is for {region}; the prices known are those of {prices.REGION}: "
            "change toolchain/deploy/prices.py"
        )
    found = list(_resources(plan["planned_values"].get("root_module", {})))
    stage = _Stage(
        endpoint_zones=plan["variables"].get("network", {}).get("value", {}).get("endpoint_zones", 1),
        cluster_instances=sum(kind == "aws_rds_cluster_instance" for kind, _ in found),
    )
    items = [
        cost
        for kind, values in found
        for cost in _COSTS.get(kind, _nothing)(values, stage)
        if cost.monthly_usd
    ]
    unpriced = {_WITHOUT_PRICE[kind] for kind, _ in found if kind in _WITHOUT_PRICE}
    unpriced |= {name for kind, values in found for name in _unknown_class(kind, values)}
    return Costs(tuple(_together(items)), tuple(sorted(unpriced)))


def table(stages: Mapping[str, Costs]) -> str:
    """A Markdown table: a column for each stage, a row for each kind of resource, and the sums."""
    rows: dict[str, dict[str, Decimal]] = {}
    for stage, costs in stages.items():
        for item in costs.items:
            rows.setdefault(item.what, {})[stage] = item.monthly_usd
    dearest_first = sorted(rows.items(), key=lambda row: (-max(row[1].values()), row[0]))
    lines = [
        _row(["US dollars a month", *stages]),
        _row(["---", *("---:" for _ in stages)]),
        *(_row([what, *(_dollars(of.get(stage)) for stage in stages)]) for what, of in dearest_first),
        _row(["**together**", *(f"**{_dollars(costs.total)}**" for costs in stages.values())]),
    ]
    names = [f"{name} ({stage})" for stage, costs in stages.items() for name in costs.unpriced]
    return "\n".join([*lines, *(["", f"Not counted: {', '.join(names)}"] if names else [])]) + "\n"


def _resources(module: Mapping[str, Any]) -> Iterator[tuple[str, Values]]:
    for resource in module.get("resources", ()):
        if resource["mode"] == "managed":
            yield resource["type"], resource["values"]
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def _instance(values: Values, _stage: _Stage) -> Iterator[Cost]:
    zones = 2 if values["multi_az"] else 1
    where = "in two zones" if values["multi_az"] else "in one zone"
    kind, size = values["instance_class"], values["allocated_storage"]
    hourly = prices.INSTANCE_PER_HOUR.get(kind, Decimal(0))
    yield Cost(f"database instance {kind} {where}", hourly * prices.HOURS_PER_MONTH * zones)
    gigabytes = prices.STORAGE_PER_GB.get(values["storage_type"], Decimal(0))
    yield Cost(f"database storage, {size} GB {where}", gigabytes * size * zones)
    yield from _managed_secret(values)


def _cluster(values: Values, stage: _Stage) -> Iterator[Cost]:
    """Aurora Serverless v2 at its smallest; more when there is work, and its storage by what it holds."""
    least = Decimal(str(values["serverlessv2_scaling_configuration"][0]["min_capacity"]))
    hourly = least * stage.cluster_instances * prices.ACU_PER_HOUR
    yield Cost(f"database cluster, {stage.cluster_instances} x {least} ACU", hourly * prices.HOURS_PER_MONTH)
    yield from _managed_secret(values)


def _managed_secret(values: Values) -> Iterator[Cost]:
    if values.get("manage_master_user_password"):
        yield Cost("secrets", prices.SECRET_PER_MONTH)


def _endpoint(values: Values, stage: _Stage) -> Iterator[Cost]:
    """Gateway endpoints are free."""
    if values["vpc_endpoint_type"] == "Interface":
        hourly = prices.ENDPOINT_PER_HOUR * stage.endpoint_zones
        yield Cost("interface endpoints", hourly * prices.HOURS_PER_MONTH)


def _each(what: str, monthly: Decimal) -> _Rule:
    def cost(_values: Values, _stage: _Stage) -> Iterator[Cost]:
        yield Cost(what, monthly)

    return cost


def _nothing(_values: Values, _stage: _Stage) -> Iterator[Cost]:
    yield from ()


_COSTS: Mapping[str, _Rule] = {
    "aws_cloudwatch_dashboard": _each("dashboard", prices.DASHBOARD_PER_MONTH),
    "aws_cloudwatch_metric_alarm": _each("alarms", prices.ALARM_PER_MONTH),
    "aws_db_instance": _instance,
    "aws_eip": _each("public IPv4 addresses", prices.ADDRESS_PER_HOUR * prices.HOURS_PER_MONTH),
    "aws_kms_key": _each("KMS key", prices.KEY_PER_MONTH),
    "aws_nat_gateway": _each("NAT gateways", prices.NAT_PER_HOUR * prices.HOURS_PER_MONTH),
    "aws_rds_cluster": _cluster,
    "aws_secretsmanager_secret": _each("secrets", prices.SECRET_PER_MONTH),
    "aws_vpc_endpoint": _endpoint,
}


def _unknown_class(kind: str, values: Values) -> Iterator[str]:
    if kind == "aws_db_instance" and values["instance_class"] not in prices.INSTANCE_PER_HOUR:
        yield f"database instance {values['instance_class']}"


def _together(items: Iterable[Cost]) -> Iterator[Cost]:
    """One cost for all that have the same name, dearest first."""
    ordered = sorted(items, key=lambda item: item.what)
    sums = [
        Cost(what, sum((item.monthly_usd for item in same), Decimal(0)))
        for what, same in groupby(ordered, key=lambda item: item.what)
    ]
    yield from sorted(sums, key=lambda item: (-item.monthly_usd, item.what))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _dollars(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount.quantize(_CENT, ROUND_HALF_UP))
