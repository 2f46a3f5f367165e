"""What benchmarks/deploy.py concludes from what Terraform says."""

import json

import pytest

from benchmarks.deploying.proxy import Answered
from benchmarks.deploying.ui import parse_log
from benchmarks.deploying.waits import address_of, longest_chain, parse_graph

GRAPH = """\
digraph G {
  node [shape = rect, fontname = "sans-serif"];
  "aws_vpc.this" [label="aws_vpc.this"];
  subgraph "cluster_module.keys" {
    "module.keys.aws_kms_key.this" [label="aws_kms_key.this"];
  }
  "module.data.aws_db_instance.this" -> "module.keys.aws_kms_key.this";
  "module.data.aws_db_instance.this" -> "aws_vpc.this";
  "aws_lambda_function.this" -> "module.data.aws_db_instance.this";
  "aws_sqs_queue.failures" -> "module.keys.aws_kms_key.this";
}
"""


def test_address_has_no_keys_of_instances() -> None:
    assert address_of('module.f["a.b"].aws_sqs_queue.this[0]') == "module.f.aws_sqs_queue.this"


def test_longest_chain_of_what_was_created() -> None:
    """What is there already does not wait."""
    graph = parse_graph(GRAPH)
    instance, key = "module.data.aws_db_instance.this[0]", "module.keys.aws_kms_key.this"
    created = [instance, key, "aws_vpc.this", "aws_sqs_queue.failures", 'aws_lambda_function.this["a"]']
    assert longest_chain(graph, created) == (92.0, [key, "module.data.aws_db_instance.this"])
    assert longest_chain(graph, ["aws_sqs_queue.failures"]) == (25.0, ["aws_sqs_queue.failures"])
    assert longest_chain({}, []) == (0.0, [])


def event(kind: str, second: int, address: str = "") -> bytes:
    hook = {"hook": {"resource": {"addr": address}}} if address else {}
    return json.dumps({"type": kind, "@timestamp": f"2026-01-01T00:00:{second:02}Z", **hook}).encode()


def test_times_of_an_apply() -> None:
    log = [
        event("version", 1),
        event("apply_start", 2, "a.b"),
        event("apply_complete", 12, "a.b"),
        event("outputs", 13),
    ]
    applied = parse_log(log)
    assert (applied.end - applied.start, applied.seconds) == (12.0, {"a.b": 10.0})


def test_apply_that_failed() -> None:
    with pytest.raises(ValueError, match=r"a\.b failed"):
        parse_log([event("apply_start", 2, "a.b"), event("apply_errored", 12, "a.b")])


def test_requests_at_once_count_once() -> None:
    answered = Answered([(10.0, 12.0), (11.0, 13.0), (20.0, 21.0), (99.0, 100.0)])
    assert answered.busy_seconds(0.0, 50.0) == 4.0
