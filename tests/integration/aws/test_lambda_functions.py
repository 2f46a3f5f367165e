"""What CreateFunction and its kin refuse: in AWS's words, and without an effect."""

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from tests.integration.aws.in_process import EMPTY_ZIP, Aws

NAME = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?"
    r"(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)


@pytest.mark.parametrize(
    ("name", "constraint"),
    [
        ("bad name!", f"Member must satisfy regular expression pattern: {NAME}"),
        ("a" * 65, "Member must have length less than or equal to 64"),
    ],
)
def test_name_that_is_none(aws: Aws, name: str, constraint: str) -> None:
    with pytest.raises(ClientError) as refused:
        aws.function(name[:64], FunctionName=name)
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy "
        f"constraint: {constraint}",
    }
    assert aws.client("lambda").list_functions()["Functions"] == []


def test_what_nothing_here_does_is_refused(aws: Aws) -> None:
    """By name, and at once."""
    client = aws.client("lambda")
    aws.function("users")
    version = {"LayerName": "shared", "VersionNumber": 1}
    permission = {"StatementId": "all", "Action": "lambda:GetLayerVersion", "Principal": "*"}
    for operation, arguments in (
        ("create_function_url_config", {"FunctionName": "users", "AuthType": "NONE"}),
        ("update_function_url_config", {"FunctionName": "users", "AuthType": "NONE"}),
        ("publish_layer_version", {"LayerName": "shared", "Content": {"ZipFile": EMPTY_ZIP}}),
        ("add_layer_version_permission", {**version, **permission}),
    ):
        with pytest.raises(ClientError, match="is not supported locally") as refused:
            getattr(client, operation)(**arguments)
        assert refused.value.response["Error"]["Code"] == "NotSupportedLocally"
    assert client.list_layers()["Layers"] == []


def test_function_is_created_by_its_arn(aws: Aws) -> None:
    for name in ("123456789012:function:users", "arn:aws:lambda:eu-west-1:123456789012:function:mail"):
        aws.function(name[-4:], FunctionName=name)
    found = aws.client("lambda").list_functions()["Functions"]
    assert [function["FunctionName"] for function in found] == ["users", "mail"]
