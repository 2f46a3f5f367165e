"""SQS's answers, as clients and Terraform's provider read them."""

import time

from tests.integration.aws.in_process import Aws


def test_times_of_a_queue(aws: Aws) -> None:
    """Whole seconds, as text."""
    client = aws.client("sqs")
    url = client.create_queue(QueueName="jobs")["QueueUrl"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "5"})
    names = ["CreatedTimestamp", "LastModifiedTimestamp"]
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert all(abs(int(found[name]) - time.time()) < 60 for name in names)
