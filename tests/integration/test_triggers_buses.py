"""Event buses that call functions, used by boto3 through a socket."""

import json

import pytest
from aws_lambda_powertools.utilities.parser.models import EventBridgeModel
from botocore.exceptions import ClientError

from tests.integration.trigger_world import ACCOUNT_ID, REGION, World, function_arn, world
from toolchain.events.catalog import named_event


def put_rule(cloud: World, pattern: object, *, bus: str = "default", **target: object) -> None:
    events = cloud.client("events")
    events.put_rule(Name="orders", EventBusName=bus, EventPattern=json.dumps(pattern))
    target = {"Id": "1", "Arn": function_arn("worker"), **target}
    events.put_targets(Rule="orders", EventBusName=bus, Targets=[target])


@pytest.mark.parametrize(
    "pattern",
    [
        "{no JSON",
        "[]",
        "{}",
        '{"detail": {"a": "b"}}',
        '{"detail": {"a": [{"prefx": "x"}]}}',
        '{"detail": {"a": [{"numeric": [">", "x"]}]}}',
    ],
)
def test_a_pattern_that_is_none(pattern: str) -> None:
    with world({}) as cloud:
        events = cloud.client("events")
        with pytest.raises(
            events.exceptions.InvalidEventPatternException, match="Event pattern is not valid"
        ):
            events.put_rule(Name="orders", EventPattern=pattern)
        with pytest.raises(
            events.exceptions.InvalidEventPatternException, match="Event pattern is not valid"
        ):
            events.test_event_pattern(EventPattern=pattern, Event="{}")
        assert events.list_rules()["Rules"] == []


def test_a_pattern_that_is_tried() -> None:
    event = {
        **dict.fromkeys(("id", "account", "time", "region", "resources", "detail-type")),
        "source": "shop",
    }
    with world({}) as cloud:
        events = cloud.client("events")
        for source, is_match in (("shop", True), ("shops", False)):
            pattern = json.dumps({"source": [source]})
            answer = events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
            assert answer["Result"] is is_match
        with pytest.raises(ClientError, match="Reason: it has no id, account"):
            events.test_event_pattern(EventPattern='{"source": ["shop"]}', Event='{"source": "shop"}')


def entry(detail: object, *, source: str = "shop.orders", bus: str = "default") -> dict[str, object]:
    return {"Source": source, "DetailType": "OrderPlaced", "Detail": json.dumps(detail), "EventBusName": bus}


def test_an_event_of_a_bus() -> None:
    with world({"worker": lambda _: None}) as cloud:
        put_rule(cloud, {"source": ["shop.orders"], "detail": {"total": [{"numeric": [">", 100]}]}})
        answer = cloud.client("events").put_events(
            Entries=[
                entry({"total": 50}),
                entry({"total": 101}, source="shop.refunds"),
                {**entry({"total": 101}), "Resources": ["order/1"], "Time": "2026-01-31T12:00:00Z"},
            ]
        )
        cloud.wait(lambda: cloud.functions.calls)

        [event] = cloud.functions.events("worker")
        EventBridgeModel.model_validate(event)
        assert event.keys() == named_event("eventbridge").keys()
        assert event == {
            "version": "0",
            "id": answer["Entries"][2]["EventId"],
            "detail-type": "OrderPlaced",
            "source": "shop.orders",
            "account": ACCOUNT_ID,
            "time": "2026-01-31T12:00:00Z",
            "region": REGION,
            "resources": ["order/1"],
            "detail": {"total": 101},
        }


def test_entries_that_are_refused() -> None:
    """Each for itself: the call succeeds, and the others call the function."""
    with world({"worker": lambda _: None}) as cloud:
        put_rule(cloud, {"source": ["shop.orders", "aws.orders"]}, InputPath="$.detail")
        answer = cloud.client("events").put_events(
            Entries=[
                entry({"n": 1}, source="aws.orders"),
                {**entry({}), "Detail": "[]"},
                {**entry({}), "Detail": "{no JSON"},
                {**entry({}), "DetailType": ""},
                entry({"n": 2}),
            ]
        )
        cloud.wait(lambda: cloud.functions.calls)

        assert cloud.functions.events("worker") == [{"n": 2}]
        assert answer["FailedEntryCount"] == 4
        assert [result.get("ErrorCode") for result in answer["Entries"]] == [
            "NotAuthorizedForSourceException",
            "MalformedDetail",
            "MalformedDetail",
            "InvalidArgument",
            None,
        ]
        assert answer["Entries"][0]["ErrorMessage"] == "Not authorized for the source."


def test_an_event_for_a_bus_that_does_not_exist(caplog: pytest.LogCaptureFixture) -> None:
    """It is lost, and only the log says so."""
    with world({"worker": lambda _: None}) as cloud:
        put_rule(cloud, {"source": ["shop.orders"]}, InputPath="$.detail")
        answer = cloud.client("events").put_events(Entries=[entry({"n": 1}, bus="none"), entry({"n": 2})])
        cloud.wait(lambda: cloud.functions.calls)

        assert answer["FailedEntryCount"] == 0
        assert cloud.functions.events("worker") == [{"n": 2}]
    assert "an event of shop.orders is lost: Event bus none does not exist." in caplog.messages


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            {"Arn": "nonsense"},
            "Parameter nonsense is not valid. Reason: Provided Arn is not in correct format",
        ),
        ({"Arn": "arn:aws:lambda:worker"}, "Provided Arn is not in correct format"),
        ({"Input": "{no JSON"}, "JSON syntax error in input for target 1"),
    ],
)
def test_targets_that_aws_refuses(target: dict[str, str], message: str) -> None:
    with world({}) as cloud:
        with pytest.raises(ClientError, match=rf"\(ValidationException\).*{message}"):
            put_rule(cloud, {"source": ["shop.orders"]}, **target)
        assert cloud.client("events").list_targets_by_rule(Rule="orders")["Targets"] == []


def test_a_target_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    """Neither the publisher nor the other targets notice."""
    with world({"worker": lambda _: None}) as cloud:
        cloud.client("sqs").create_queue(QueueName="bills.fifo", Attributes={"FifoQueue": "true"})
        queue = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:bills.fifo"
        put_rule(cloud, {"source": ["shop.orders"]}, Arn=queue, SqsParameters={"MessageGroupId": ""})
        target = {"Id": "2", "Arn": function_arn("worker")}
        cloud.client("events").put_targets(Rule="orders", Targets=[target])
        answer = cloud.client("events").put_events(Entries=[entry({"n": 1})])
        cloud.wait(lambda: cloud.functions.calls)

        assert answer["FailedEntryCount"] == 0
    assert f"rule orders: nothing is sent to {queue}" in caplog.messages


def test_a_bus_of_its_own_and_a_rule_that_is_disabled() -> None:
    with world({"worker": lambda _: None}) as cloud:
        events = cloud.client("events")
        events.create_event_bus(Name="shop")
        put_rule(cloud, {"source": ["shop.orders"]}, bus="shop", InputPath="$.detail")
        events.put_events(Entries=[entry({"n": 1}), entry({"n": 2}, bus="shop")])
        events.disable_rule(Name="orders", EventBusName="shop")
        events.put_events(Entries=[entry({"n": 3}, bus="shop")])
        events.enable_rule(Name="orders", EventBusName="shop")
        events.put_events(Entries=[entry({"n": 4}, bus="shop")])
        cloud.wait(lambda: len(cloud.functions.calls) == 2)

        assert cloud.functions.events("worker") == [{"n": 2}, {"n": 4}]


def test_rules_that_send_to_queues_and_topics() -> None:
    """A topic then calls the function."""
    with world({"worker": lambda _: None}) as cloud:
        sns = cloud.client("sns")
        topic = sns.create_topic(Name="news")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function_arn("worker"))
        url = cloud.client("sqs").create_queue(QueueName="copies")["QueueUrl"]
        put_rule(cloud, {"source": ["shop.orders"]}, Arn=topic)
        queue = {"Id": "2", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:copies"}
        cloud.client("events").put_targets(Rule="orders", Targets=[queue])
        cloud.client("events").put_events(Entries=[entry({"n": 1})])
        cloud.wait(lambda: cloud.functions.calls)

        [record] = cloud.functions.records("worker")
        [message] = cloud.client("sqs").receive_message(QueueUrl=url)["Messages"]
        assert json.loads(record["Sns"]["Message"]) == json.loads(message["Body"])
        assert json.loads(message["Body"])["detail"] == {"n": 1}


def test_a_bucket_that_tells_the_event_bus() -> None:
    """Each event has an id of its own."""
    with world({"worker": lambda _: None}) as cloud:
        put_rule(cloud, {"source": ["aws.s3"], "detail-type": ["Object Created"]})
        s3 = cloud.client("s3")
        s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_notification_configuration(
            Bucket="uploads", NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        for key in "ab":
            s3.put_object(Bucket="uploads", Key=key, Body=b"")
        cloud.wait(lambda: len(cloud.functions.calls) == 2)

        events = cloud.functions.events("worker")
        assert sorted(event["detail"]["object"]["key"] for event in events) == ["a", "b"]
        assert len({event["id"] for event in events}) == 2
        for event in events:
            EventBridgeModel.model_validate(event)
