"""S3, as Terraform's backend and provider use it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws.in_process import PLACE, Aws


def bucket(aws: Aws, name: str = "things") -> str:
    location = {"LocationConstraint": PLACE.region}
    aws.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=location)
    return name


def test_object_that_is_not_there(aws: Aws) -> None:
    """A HEAD's 404 has no body: Terraform's backend asks so for a state that is not there yet."""
    with pytest.raises(ClientError) as error:
        aws.client("s3").head_object(Bucket=bucket(aws), Key="terraform.tfstate")
    assert error.value.response["Error"]["Code"] == "404"


def test_notifications_to_event_bridge_are_told(aws: Aws) -> None:
    client, name = aws.client("s3"), bucket(aws)
    aws.client("sqs").create_queue(QueueName="jobs")
    queue = {"QueueArn": "arn:aws:sqs:eu-west-1:123456789012:jobs", "Events": ["s3:ObjectCreated:*"]}
    both: dict[str, Any] = {"EventBridgeConfiguration": {}, "QueueConfigurations": [queue]}
    for part, value in both.items():
        configuration = {part: value}
        client.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=configuration)
        found = client.get_bucket_notification_configuration(Bucket=name)
        assert ("EventBridgeConfiguration" in found) == ("EventBridgeConfiguration" in configuration)
        assert ("QueueConfigurations" in found) == ("QueueConfigurations" in configuration)
