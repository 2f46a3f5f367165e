"""What CreateFunction and its kin refuse: in AWS's words, and without an effect."""

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws.in_process import EMPTY_ZIP, Aws
from toolchain.local.aws.fidelity.awslambda.constraints import between

NAME = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?"
    r"(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
INVALID = "InvalidParameterValueException"
RESERVED = (
    "Lambda was unable to configure your environment variables because the environment variables you have "
    "provided contains reserved keys that are currently not supported for modification. "
    "Reserved keys used in this request: AWS_REGION, _HANDLER"
)
TOO_MUCH = (
    "Lambda was unable to configure your environment variables because the environment variables you have "
    "provided exceeded the 4KB limit."
)


def problem(value: object, member: str, constraint: str) -> str:
    return f"Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"


SETTINGS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"Timeout": 901},
        "ValidationException",
        f"1 validation error detected: {problem(901, 'timeout', 'have value less than or equal to 900')}",
    ),
    (
        {"Timeout": 901, "MemorySize": 10_241},
        "ValidationException",
        f"2 validation errors detected: {problem(901, 'timeout', 'have value less than or equal to 900')}; "
        + problem(10_241, "memorySize", "have value less than or equal to 10240"),
    ),
    (
        {"Environment": {"Variables": {"AWS_REGION": "eu-west-1", "A": "1", "_HANDLER": "a"}}},
        INVALID,
        RESERVED,
    ),
    ({"Environment": {"Variables": {"A": "x" * 4089}}}, INVALID, TOO_MUCH),
]


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


@pytest.mark.parametrize(("settings", "code", "message"), SETTINGS)
def test_settings_out_of_range(aws: Aws, settings: dict[str, Any], code: str, message: str) -> None:
    """When a function is made, and when it is changed: no setting of such a call counts."""
    client = aws.client("lambda")
    with pytest.raises(ClientError) as refused:
        aws.function("more", **settings)
    assert refused.value.response["Error"] == {"Code": code, "Message": message}
    aws.function("users")
    with pytest.raises(ClientError) as refused:
        client.update_function_configuration(FunctionName="users", Description="new", **settings)
    assert refused.value.response["Error"] == {"Code": code, "Message": message}
    [found] = client.list_functions()["Functions"]
    assert (found["FunctionName"], found["Description"]) == ("users", "")


def test_settings_that_botocore_refuses_itself() -> None:
    """Other clients send them."""
    assert list(between("timeout", 0, 1, 900)) == [
        problem(0, "timeout", "have value greater than or equal to 1")
    ]


def test_settings_in_range(aws: Aws) -> None:
    variables = {"Variables": {"A": "x" * 4088}}  # 4096 bytes as JSON
    aws.function("least", Timeout=1, MemorySize=128)
    aws.function("most", Timeout=900, MemorySize=10_240, Environment=variables)


def test_package_that_is_no_zip(aws: Aws) -> None:
    client, message = aws.client("lambda"), "Could not unzip uploaded file. Please check your file, then try"
    with pytest.raises(client.exceptions.InvalidParameterValueException, match=message):
        aws.function("more", Code={"ZipFile": b"no zip"})
    before = aws.function("users")["CodeSha256"]
    with pytest.raises(client.exceptions.InvalidParameterValueException, match=message):
        client.update_function_code(FunctionName="users", ZipFile=b"no zip")
    [found] = client.list_functions()["Functions"]
    assert (found["FunctionName"], found["CodeSha256"]) == ("users", before)


def test_images_are_refused_by_name(aws: Aws) -> None:
    client, image = aws.client("lambda"), "123456789012.dkr.ecr.eu-west-1.amazonaws.com/users:1"
    aws.function("users")
    with pytest.raises(ClientError, match="package type Image are not supported locally"):
        aws.function("more", PackageType="Image", Code={"ImageUri": image})
    with pytest.raises(ClientError, match="package type Image are not supported locally"):
        client.update_function_code(FunctionName="users", ImageUri=image)
    assert [found["FunctionName"] for found in client.list_functions()["Functions"]] == ["users"]


def test_alias_that_is_named_like_a_version(aws: Aws) -> None:
    client = aws.client("lambda")
    aws.function("users", Publish=True)
    with pytest.raises(ClientError) as refused:
        client.create_alias(FunctionName="users", Name="12", FunctionVersion="1")
    constraint = "satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": f"1 validation error detected: {problem(12, 'name', constraint)}",
    }
    assert client.list_aliases(FunctionName="users")["Aliases"] == []


def test_lists_are_in_pages(aws: Aws) -> None:
    """Of the size that is asked for, and of 50 at most."""
    client = aws.client("lambda")
    aws.function("users")
    for number in range(51):
        client.update_function_configuration(FunctionName="users", Description=str(number))
        client.publish_version(FunctionName="users")
    page = client.list_versions_by_function(FunctionName="users", MaxItems=1000)
    assert len(page["Versions"]) == 50
    rest = client.list_versions_by_function(FunctionName="users", Marker=page["NextMarker"])
    assert [found["Version"] for found in rest["Versions"]] == ["50", "51"]
    assert "NextMarker" not in rest
    for name in ("mail", "jobs"):
        aws.function(name)
    first = client.list_functions(MaxItems=2)
    last = client.list_functions(MaxItems=2, Marker=first["NextMarker"])
    names = [found["FunctionName"] for page in (first, last) for found in page["Functions"]]
    assert (names, "NextMarker" in last) == (["users", "mail", "jobs"], False)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.list_versions_by_function(FunctionName="none")


def test_updates_are_dated(aws: Aws) -> None:
    """With milliseconds, as on AWS; a dry run is no update."""
    client = aws.client("lambda")
    dates = [aws.function("users")["LastModified"]]
    dates.append(client.update_function_configuration(FunctionName="users", Timeout=9)["LastModified"])
    dates.append(client.update_function_code(FunctionName="users", ZipFile=EMPTY_ZIP)["LastModified"])
    client.update_function_code(FunctionName="users", ZipFile=EMPTY_ZIP, DryRun=True)
    assert client.get_function_configuration(FunctionName="users")["LastModified"] == dates[-1]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000", date) for date in dates)
    assert dates == sorted(set(dates))
