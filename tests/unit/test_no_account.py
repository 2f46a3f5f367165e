"""Tests reach no AWS account, and nor does what they import."""

import boto3

CLIENT = boto3.client("sqs")


def test_clients_that_handlers_make_when_they_are_imported() -> None:
    """Fixtures come later: a region and credentials are there before, and they are nobody's."""
    assert CLIENT.meta.region_name == "eu-west-1"
    assert CLIENT.meta.endpoint_url == "https://sqs.eu-west-1.amazonaws.com"
    assert boto3.DEFAULT_SESSION.get_credentials().access_key == "testing"
