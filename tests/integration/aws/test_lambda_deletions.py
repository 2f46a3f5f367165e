"""What of a function can be deleted, and what a state that has lost a part does to `up`."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.awslambda_simple.models import lambda_simple_backends

from tests.integration.aws.in_process import PLACE, Aws
from toolchain.local.deployed import function_state


@pytest.fixture
def client(aws: Aws) -> Any:  # noqa: ANN401  boto3's clients have no types
    """A client of Lambda, where `health` has versions 1 and 2, and its alias is at 1."""
    aws.function("health", Publish=True)
    client = aws.client("lambda")
    client.update_function_configuration(FunctionName="health", Description="two")
    client.publish_version(FunctionName="health")
    client.create_alias(FunctionName="health", Name="live", FunctionVersion="1")
    return client


@pytest.mark.parametrize(
    ("name", "qualifier", "code", "message"),
    [
        (
            "health",
            "$LATEST",
            "InvalidParameterValueException",
            "$LATEST version cannot be deleted without deleting the function.",
        ),
        (
            "health",
            "live",
            "InvalidParameterValueException",
            "Deletion of aliases is not currently supported.",
        ),
        (
            "health:1",
            None,
            "ResourceConflictException",
            "Unable to delete version because the following aliases reference it: [live]",
        ),
        (
            "health:1",
            "2",
            "InvalidParameterValueException",
            "The derived qualifier from the function name does not match the specified qualifier.",
        ),
    ],
)
def test_refused(client: Any, name: str, qualifier: str | None, code: str, message: str) -> None:  # noqa: ANN401
    """And nothing of the function is gone."""
    with pytest.raises(ClientError) as refused:
        client.delete_function(FunctionName=name, **({"Qualifier": qualifier} if qualifier else {}))
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)
    assert versions(client) == ["$LATEST", "1", "2"]


def test_version_that_no_alias_points_to(client: Any) -> None:  # noqa: ANN401
    """Twice, as on AWS; one that takes a share of the calls is pointed to."""
    weights = {"AdditionalVersionWeights": {"2": 0.5}}
    client.update_alias(FunctionName="health", Name="live", RoutingConfig=weights)
    with pytest.raises(client.exceptions.ResourceConflictException):
        client.delete_function(FunctionName="health", Qualifier="2")
    client.update_alias(FunctionName="health", Name="live", RoutingConfig={"AdditionalVersionWeights": {}})
    for _ in range(2):
        client.delete_function(FunctionName="health", Qualifier="2")
    assert versions(client) == ["$LATEST", "1"]
    client.delete_function(FunctionName="health")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.delete_function(FunctionName="health", Qualifier="1")


@pytest.mark.usefixtures("client")
def test_up_starts_with_a_function_that_has_lost_its_latest() -> None:
    """As earlier versions of the local cloud may have saved it."""
    before = function_state.digests()
    assert len(before) == 1
    backend = lambda_simple_backends[PLACE.account_id][PLACE.region]
    backend._lambdas._functions["health"]["latest"] = None  # noqa: SLF001  moto has no other way
    assert function_state.digests() == before
    assert function_state.all_functions() == []
    assert function_state.read_function(PLACE, "health") is None


def versions(client: Any) -> list[str]:  # noqa: ANN401
    found = client.list_versions_by_function(FunctionName="health")["Versions"]
    return [version["Version"] for version in found]
