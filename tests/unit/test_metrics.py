"""Metrics: lines of the log, one for each invocation that has any."""

import json
from typing import Any

import pytest

from lib import metrics
from lib.context import LambdaContext
from lib.logging import logged
from tests.unit.http_events import Context


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What CloudWatch would take for metrics."""
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in printed if "_aws" in line]


def test_what_an_invocation_counts_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html."""

    @logged
    def handler(_event: object, _context: LambdaContext) -> None:
        metrics.count("Orders")
        metrics.count("Orders", 2)
        metrics.measure("Amount", 7.5)

    handler({}, Context())
    [line] = lines(capsys)
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "application"
    assert directive["Metrics"] == [
        {"Name": "Orders", "Unit": "Count"},
        {"Name": "Amount", "Unit": "None"},
    ]
    assert (line["Orders"], line["Amount"]) == ([1.0, 2.0], [7.5])


def test_an_invocation_that_fails_has_counted_too(capsys: pytest.CaptureFixture[str]) -> None:
    """And leaves nothing to the next one, which counts nothing and writes nothing."""

    @logged
    def handler(event: dict[str, bool], _context: LambdaContext) -> None:
        if event["fails"]:
            metrics.count("Failures")
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        handler({"fails": True}, Context())
    handler({"fails": False}, Context())
    assert [line["Failures"] for line in lines(capsys)] == [[1.0]]
