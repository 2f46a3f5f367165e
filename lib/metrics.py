"""Metrics, as lines of the log that CloudWatch reads (its embedded metric format), through Powertools.

    metrics.count("UsersCreated")
    metrics.measure("ImportedRows", 250)

Nothing is called for it, and a cold start is not longer for it: Powertools loads its part for metrics with
its logger, and 0.1 ms goes into a line. The namespace is the stage's name, which Terraform sets as
POWERTOOLS_METRICS_NAMESPACE ("application" on a developer's machine); the dimension is the service, each
function's name. Traces are not here: Powertools' Tracer needs the X-Ray SDK
in every package, and tens of milliseconds of every cold start.
"""

import os

from aws_lambda_powertools.metrics import Metrics, MetricUnit

_metrics = Metrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "application"))


def count(name: str, times: int = 1) -> None:
    """Count something that has happened, by a name like UsersCreated."""
    _metrics.add_metric(name, MetricUnit.Count, times)


def measure(name: str, value: float, unit: MetricUnit = MetricUnit.NoUnit) -> None:
    """Note a value, of which CloudWatch keeps the average, the extremes, and percentiles."""
    _metrics.add_metric(name, unit, value)


def write_metrics() -> None:
    """Write what this invocation has counted: lib.logging does, at its end, however that comes about."""
    if _metrics.metric_set:
        _metrics.flush_metrics()
