"""Reserved concurrency, before anything is applied."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from toolchain.deploy.cloud import Access
from toolchain.deploy.concurrency import find_shortages
from toolchain.deploy.plans import Plan, parse_plan
from toolchain.deploy.stages import Stage

_STAGE = Stage("prod", "123456789012", "eu-west-1", is_protected=True, path=Path("prod.tfvars"))


class _Lambda:
    """An account's limit, and what of it is not reserved."""

    def __init__(self, limit: int, unreserved: int) -> None:
        self._limits = {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": unreserved}

    def get_account_settings(self) -> Mapping[str, Any]:
        return {"AccountLimit": self._limits}


class _Session:
    """Sessions of boto3 make clients by name."""

    def __init__(self, **clients: object) -> None:
        self._clients = clients

    def client(self, service: str, **_: object) -> object:
        return self._clients[service]


def account(limit: int, unreserved: int) -> Access:
    return Access({}, is_local=False, session=_Session(**{"lambda": _Lambda(limit, unreserved)}))


def change(before: int | None, after: int | None, kind: str = "aws_lambda_function") -> dict[str, Any]:
    """A function whose reserved concurrency changes; None where there is no function."""
    values = [None if one is None else {"reserved_concurrent_executions": one} for one in (before, after)]
    return {
        "address": "module.function",
        "mode": "managed",
        "type": kind,
        "change": {"actions": ["update"], "before": values[0], "after": values[1]},
    }


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ([], 0),
        ([change(None, 25), change(None, 25)], 50),
        ([change(None, -1)], 0),
        ([change(25, 20), change(-1, 3)], -2),
        ([change(25, None)], -25),
        ([change(25, 25)], 0),
        ([change(None, 9, kind="other_function")], 0),
    ],
)
def test_what_a_plan_reserves_more_than_before(changes: list[dict[str, Any]], more: int) -> None:
    """-1 is the AWS provider's word for none; a function that goes gives back what it had."""
    assert parse_plan({"resource_changes": changes}).reserved_concurrency == more


@pytest.mark.parametrize("limit", [10, 50, 240])
def test_account_that_has_too_few(limit: int) -> None:
    """New accounts have 10 or 50; AWS keeps 100 for functions that reserve none."""
    assert list(find_shortages(Plan((), reserved_concurrency=141), account(limit, limit), _STAGE)) == [
        (
            f"functions would reserve 141 more instances, but of the {limit} that account 123456789012 may"
            f" have in eu-west-1 {limit} are not reserved, and AWS keeps 100 of these; ask AWS for 241"
            " (Service Quotas, AWS Lambda, Concurrent executions), or reserve less:"
            " functions.database_concurrency in"
            " terraform/stages/prod.tfvars, or reserved_concurrency in function.yaml"
        )
    ]


def test_account_where_others_have_reserved_the_most() -> None:
    [shortage] = find_shortages(Plan((), reserved_concurrency=141), account(1000, 240), _STAGE)
    assert "of the 1000 that account 123456789012 may have in eu-west-1 240 are not reserved" in shortage
    assert "ask AWS for 1001 " in shortage


def test_account_that_has_just_enough() -> None:
    assert not list(find_shortages(Plan((), reserved_concurrency=141), account(241, 241), _STAGE))


@pytest.mark.parametrize("more", [0, -5])
def test_plan_that_reserves_no_more_asks_nobody(more: int) -> None:
    """A quiet deploy needs no permission for it."""
    nobody = Access({}, is_local=False, session=_Session())
    assert not list(find_shortages(Plan((), reserved_concurrency=more), nobody, _STAGE))
