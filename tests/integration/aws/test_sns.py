"""SNS's control plane: what is refused is not there."""

import pytest

from tests.integration.aws.in_process import Aws

ENDPOINT = "arn:aws:lambda:eu-west-1:123456789012:function:users"


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"FilterPolicy": "{kind"}, "Invalid parameter: FilterPolicy: failed to parse JSON."),
        ({"FilterPolicy": "[1]"}, "Invalid parameter: FilterPolicy: failed to parse JSON."),
        ({"FilterPolicy": '{"a": 1}'}, 'Invalid parameter: FilterPolicy: "a" must be an object or an array'),
        ({"RawMessageDelivery": "true", "Colour": "red"}, "AttributeName"),
    ],
)
def test_subscription_that_is_refused(aws: Aws, attributes: dict[str, str], message: str) -> None:
    """And one that was there before stays."""
    client = aws.client("sns")
    topic = client.create_topic(Name="orders")["TopicArn"]
    subscription = {"TopicArn": topic, "Protocol": "lambda", "Endpoint": ENDPOINT}
    for count in (0, 1):
        with pytest.raises(client.exceptions.InvalidParameterException) as refused:
            client.subscribe(**subscription, Attributes=attributes)
        assert refused.value.response["Error"]["Message"] == message
        assert len(client.list_subscriptions()["Subscriptions"]) == count
        client.subscribe(**subscription)
