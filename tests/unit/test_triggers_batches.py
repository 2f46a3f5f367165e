"""Batches of a queue or stream: how they are cut, filtered, and what functions answer."""

import json

import pytest

from toolchain.local.triggers.batches import event_sized
from toolchain.local.triggers.filters import passes
from toolchain.local.triggers.item_failures import failed_items
from toolchain.local.triggers.sqs.messages import Message


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (b"null", ""),
        (b"", ""),
        (b"{}", ""),
        (b'"done"', ""),
        (b"[]", ""),
        (b'{"batchItemFailures": null}', ""),
        (b'{"batchItemFailures": []}', ""),
        (b'{"batchItemFailures": [{"itemIdentifier": "b"}]}', "b"),
        (b'{"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "b"}]}', "b"),
        (b'{"batchItemFailures": [{"itemIdentifier": "c"}, {"itemIdentifier": "a"}]}', "ac"),
        (b'{"batchItemFailures": [{"itemIdentifier": ""}]}', "abc"),
        (b'{"batchItemFailures": [{"itemIdentifier": null}]}', "abc"),
        (b'{"batchItemFailures": [{"itemIdentifier": ["b"]}]}', "abc"),
        (b'{"batchItemFailures": [{"messageId": "b"}]}', "abc"),
        (b'{"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "z"}]}', "abc"),
        (b'{"batchItemFailures": ["b"]}', "abc"),
        (b'{"batchItemFailures": "b"}', "abc"),
        (b"\x80 no JSON", "abc"),
    ],
)
def test_failed_items(answer: bytes, failed: str) -> None:
    assert failed_items(answer, ["a", "b", "c"]) == set(failed)


def message(body: str) -> Message:
    return Message("id", "handle", body, {"ApproximateReceiveCount": "1"}, {})


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ([], []),
        ([100], [1]),
        ([100, 100, 100], [3]),
        ([3000, 3000, 3000], [2, 1]),
        ([20000], [1]),
        ([20000, 100, 100], [1, 2]),
    ],
)
def test_parts_that_fit_into_an_event(sizes: list[int], parts: list[int]) -> None:
    """Of 10,000 bytes here; a message alone always goes."""
    batch = [message("x" * size) for size in sizes]

    assert [len(part) for part in event_sized(batch, lambda item: item.size, limit=10_000)] == parts


@pytest.mark.parametrize(
    ("pattern", "body", "passed"),
    [
        ({"body": {"kind": ["order"]}}, '{"kind": "order"}', True),
        ({"body": {"kind": ["order"]}}, '{"kind": "refund"}', False),
        ({"body": {"kind": ["order"]}}, "order", False),
        ({"body": {"total": [{"numeric": [">", 100]}]}}, '{"total": 101}', True),
        ({"body": ["order"]}, "order", True),
        ({"body": [{"prefix": "or"}]}, "order", True),
        ({"body": ["order"]}, '{"kind": "order"}', False),
        ({"eventSourceARN": [{"suffix": ":orders"}]}, "any", True),
    ],
)
def test_filters(pattern: object, body: str, passed: bool) -> None:  # noqa: FBT001 - a column of the table
    record = {"body": body, "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:orders"}

    assert passes([json.dumps(pattern)], record, "body") is passed


def test_any_of_several_filters() -> None:
    assert passes(['{"body": ["a"]}', '{"body": ["b"]}'], {"body": "b"}, "body")
