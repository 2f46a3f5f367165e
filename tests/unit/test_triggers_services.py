"""Events of topics, buckets and rules."""

from datetime import UTC, datetime

import pytest
from aws_lambda_powertools.utilities.parser.models import S3Model, SnsModel

from toolchain.events.catalog import named_event
from toolchain.local.triggers.services.eventbridge import rule_event
from toolchain.local.triggers.services.rule_inputs import at_path, target_input, transform
from toolchain.local.triggers.services.s3 import Notified, Object, s3_event
from toolchain.local.triggers.services.sns import Message, sns_event

MOMENT = datetime(2026, 1, 31, 12, 0, 0, 7000, tzinfo=UTC)
EVENT = {
    "version": "0",
    "id": "1",
    "detail-type": "OrderPlaced",
    "source": "shop.orders",
    "account": "123456789012",
    "time": "2026-01-31T12:00:00Z",
    "region": "eu-west-1",
    "resources": ["a", "b"],
    "detail": {"id": 42, "name": 'Ada "the" first', "items": [{"sku": "x"}]},
}
RULE = "arn:aws:events:eu-west-1:123456789012:rule/shop/orders"


def test_an_sns_event_has_the_keys_of_the_sample() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:news"
    attributes = {"kind": {"Type": "String", "Value": "a"}}
    event = sns_event(Message(f"{topic}:1", "id", "hello", None, attributes, MOMENT))

    SnsModel.model_validate(event)
    [record], [sample] = event["Records"], named_event("sns")["Records"]
    assert record.keys() == sample.keys()
    assert record["Sns"].keys() == sample["Sns"].keys()
    assert record["Sns"]["TopicArn"] == topic
    assert record["Sns"]["Timestamp"] == "2026-01-31T12:00:00.007Z"


@pytest.mark.parametrize(
    ("name", "version", "shown"),
    [
        ("ObjectCreated:Put", None, {"size": 3, "eTag": "abc"}),
        ("ObjectCreated:Put", "v1", {"size": 3, "eTag": "abc", "versionId": "v1"}),
        ("ObjectRemoved:Delete", None, {}),
        ("ObjectRemoved:DeleteMarkerCreated", "v2", {"eTag": "abc", "versionId": "v2"}),
    ],
)
def test_an_s3_event(name: str, version: str | None, shown: dict[str, object]) -> None:
    bucket = Notified("uploads", "eu-west-1", "rule")
    event = s3_event(name, bucket, Object("a b/ü+.csv", 3, "abc", version), 255, MOMENT)

    S3Model.model_validate(event)
    [record], [sample] = event["Records"], named_event("s3")["Records"]
    assert record.keys() == sample.keys()
    assert record["s3"].keys() == sample["s3"].keys()
    assert record["s3"]["bucket"].keys() == sample["s3"]["bucket"].keys()
    assert record["s3"]["object"] == {"key": "a+b/%C3%BC%2B.csv", **shown, "sequencer": "0000000000000000FF"}


@pytest.mark.parametrize(
    "time", [1769860800, 1769860800.7, "1769860800.0", "2026-01-31T13:00:00+01:00", "2026-01-31T12:00:00Z"]
)
def test_the_time_of_an_event(time: object) -> None:
    moto_event = {**EVENT, "time": time, "ingestion-time": 1769860801.0}

    assert rule_event(moto_event) == EVENT


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({}, EVENT),
        ({"Input": '{"task": "sweep"}'}, {"task": "sweep"}),
        ({"InputPath": "$.detail.items[0]"}, {"sku": "x"}),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"id": "$.detail.id"},
                    "InputTemplate": '{"order": <id>}',
                }
            },
            {"order": 42},
        ),
        (
            {
                "InputTransformer": {
                    "InputTemplate": '"<aws.events.rule-name> at <aws.events.event.ingestion-time>"'
                }
            },
            "orders at 2026-01-31T12:00:00Z",
        ),
    ],
)
def test_what_a_target_gets(target: dict[str, object], expected: object) -> None:
    assert target_input(target, EVENT, RULE) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{"name": <name>}', {"name": 'Ada "the" first'}),
        ('{"text": "of <name>, <id>"}', {"text": 'of Ada "the" first, 42'}),
        ('{"all": <items>, "text": "<items>"}', {"all": [{"sku": "x"}], "text": '[{"sku": "x"}]'}),
        ('{"missing": <nothing>, "text": "<nothing>"}', {"missing": None, "text": ""}),
        ("order <id>", "order 42"),
        ("<items>", [{"sku": "x"}]),
    ],
)
def test_templates(template: str, expected: object) -> None:
    assert transform(template, EVENT["detail"]) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$", EVENT),
        ("$.detail-type", "OrderPlaced"),
        ("$.detail.items[0].sku", "x"),
        ("$.resources[1]", "b"),
        ("$.resources[2]", None),
        ("$.detail.id.x", None),
        ("$.nothing", None),
    ],
)
def test_paths(path: str, expected: object) -> None:
    assert at_path(path, EVENT) == expected
