"""Topics that call functions, used by boto3 through a socket."""

import json

import pytest
from aws_lambda_powertools.utilities.parser.models import SnsModel

from tests.integration.trigger_world import ACCOUNT_ID, REGION, World, function_arn, world


def subscribe(cloud: World, **settings: object) -> str:
    sns = cloud.client("sns")
    topic = str(sns.create_topic(Name="news")["TopicArn"])
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function_arn("worker"), **settings)
    return topic


def test_a_message_of_a_topic() -> None:
    with world({"worker": lambda _: None}) as cloud:
        topic = subscribe(cloud)
        answer = cloud.client("sns").publish(
            TopicArn=topic,
            Message="hello",
            Subject="greeting",
            MessageAttributes={
                "kind": {"DataType": "String", "StringValue": "order"},
                "blob": {"DataType": "Binary", "BinaryValue": b"\x00"},
            },
        )
        cloud.wait(lambda: cloud.functions.calls)

        [event] = cloud.functions.events("worker")
        SnsModel.model_validate(event)
        notification = event["Records"][0]["Sns"]
        assert notification["MessageId"] == answer["MessageId"]
        assert (notification["Message"], notification["Subject"]) == ("hello", "greeting")
        assert notification["TopicArn"] == topic
        assert notification["MessageAttributes"] == {
            "kind": {"Type": "String", "Value": "order"},
            "blob": {"Type": "Binary", "Value": "AA=="},
        }


def test_filter_policies_and_structured_messages() -> None:
    with world({"worker": lambda _: None}) as cloud:
        topic = subscribe(cloud, Attributes={"FilterPolicy": json.dumps({"kind": ["order"]})})
        for kind in ("refund", "order"):
            cloud.client("sns").publish(
                TopicArn=topic,
                Message=json.dumps({"default": "all", "lambda": kind}),
                MessageStructure="json",
                MessageAttributes={"kind": {"DataType": "String", "StringValue": kind}},
            )
        cloud.wait(lambda: cloud.functions.calls)

        assert [record["Sns"]["Message"] for record in cloud.functions.records("worker")] == ["order"]


def test_a_topic_with_a_queue_beside_the_function() -> None:
    with world({"worker": lambda _: None}) as cloud:
        topic = subscribe(cloud)
        url = cloud.client("sqs").create_queue(QueueName="copies")["QueueUrl"]
        queue = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:copies"
        cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
        cloud.client("sns").publish(TopicArn=topic, Message="hello")
        cloud.wait(lambda: cloud.functions.calls)

        [message] = cloud.client("sqs").receive_message(QueueUrl=url)["Messages"]
        assert json.loads(message["Body"])["Message"] == "hello"


@pytest.mark.parametrize(
    "policy",
    ["{", "[]", '{"a": []}', '{"a": [{}]}', '{"a": [{"prefix": 5}]}', '{"a": [{"anything-but": null}]}'],
)
def test_a_filter_policy_that_is_none(policy: str) -> None:
    """Neither is there a subscription then."""
    with world({}) as cloud:
        sns = cloud.client("sns")
        with pytest.raises(sns.exceptions.InvalidParameterException, match="FilterPolicy"):
            subscribe(cloud, Attributes={"FilterPolicy": policy})
        assert sns.list_subscriptions()["Subscriptions"] == []

        subscribe(cloud)
        [subscription] = sns.list_subscriptions()["Subscriptions"]
        with pytest.raises(sns.exceptions.InvalidParameterException, match="FilterPolicy"):
            sns.set_subscription_attributes(
                SubscriptionArn=subscription["SubscriptionArn"],
                AttributeName="FilterPolicy",
                AttributeValue=policy,
            )


def test_an_endpoint_that_is_none() -> None:
    with world({}) as cloud:
        sns = cloud.client("sns")
        topic = sns.create_topic(Name="news")["TopicArn"]
        with pytest.raises(sns.exceptions.InvalidParameterException, match="Lambda endpoint ARN"):
            sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint="worker")


def test_a_function_that_does_not_exist(caplog: pytest.LogCaptureFixture) -> None:
    """The publisher does not notice; the log says it."""
    with world({}) as cloud:
        topic = subscribe(cloud)
        cloud.client("sns").publish(TopicArn=topic, Message="hello")
        cloud.wait(lambda: caplog.messages)

    arn = function_arn("worker")
    assert f"topic news: {arn} is not called: Function not found: {arn}" in caplog.messages
