"""Aliases, as releases move them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws.in_process import Aws


@pytest.fixture
def client(aws: Aws) -> Any:  # noqa: ANN401  boto3's clients have no types
    """A client of Lambda, where `health` has versions 1 and 2, and its alias is at 1."""
    aws.function("health")
    client = aws.client("lambda")
    for description in ("one", "two"):
        client.update_function_configuration(FunctionName="health", Description=description)
        client.publish_version(FunctionName="health")
    client.create_alias(FunctionName="health", Name="live", FunctionVersion="1")
    return client


def test_move_must_name_the_revision_that_is_there(client: Any) -> None:  # noqa: ANN401
    """So of two that move an alias at once, one does."""
    first = client.get_alias(FunctionName="health", Name="live")["RevisionId"]
    moved = client.update_alias(
        FunctionName="health", Name="live", FunctionVersion="2", RevisionId=first, RoutingConfig={}
    )
    assert moved["RevisionId"] == client.get_alias(FunctionName="health", Name="live")["RevisionId"] != first
    with pytest.raises(client.exceptions.PreconditionFailedException) as error:
        client.update_alias(FunctionName="health", Name="live", FunctionVersion="1", RevisionId=first)
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    assert client.get_alias(FunctionName="health", Name="live")["FunctionVersion"] == "2"
    client.update_alias(FunctionName="health", Name="live", FunctionVersion="1")


def test_alias_does_not_move_to_a_version_that_is_not_there(client: Any) -> None:  # noqa: ANN401
    before = client.get_alias(FunctionName="health", Name="live")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.update_alias(FunctionName="health", Name="live", FunctionVersion="9")
    after = client.get_alias(FunctionName="health", Name="live")
    assert (after["FunctionVersion"], after["RevisionId"]) == ("1", before["RevisionId"])


def test_weights_that_are_none_leave_no_trace(client: Any) -> None:  # noqa: ANN401
    """As AWS answers; Terraform would see a change otherwise."""
    shifting = {"AdditionalVersionWeights": {"2": 0.5}}
    client.update_alias(FunctionName="health", Name="live", RoutingConfig=shifting)
    assert client.get_alias(FunctionName="health", Name="live")["RoutingConfig"] == shifting
    client.update_alias(FunctionName="health", Name="live", RoutingConfig={"AdditionalVersionWeights": {}})
    assert "RoutingConfig" not in client.get_alias(FunctionName="health", Name="live")


def test_alias_of_no_function(client: Any) -> None:  # noqa: ANN401
    with pytest.raises(ClientError) as error:
        client.update_alias(FunctionName="nobody", Name="live", FunctionVersion="1", RevisionId="x")
    assert error.value.response["Error"]["Code"] == "ResourceNotFoundException"
