"""Lambda's control plane, as the AWS provider of Terraform needs it."""

import io
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws.in_process import Aws

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:dead"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:done"


def package(text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("handler.py", text)
    return content.getvalue()


def configuration(aws: Aws, name: str = "users", qualifier: str = "$LATEST") -> dict[str, Any]:
    found: dict[str, Any] = aws.client("lambda").get_function_configuration(
        FunctionName=name, Qualifier=qualifier
    )
    return found


def test_configuration_is_kept(aws: Aws) -> None:
    """When it is created, and when it is changed."""
    logging = {"LogFormat": "JSON", "LogGroup": "/aws/lambda/users", "SystemLogLevel": "WARN"}
    aws.function(
        "users",
        LoggingConfig=logging,
        DeadLetterConfig={"TargetArn": QUEUE},
        SnapStart={"ApplyOn": "PublishedVersions"},
    )
    found = configuration(aws)
    assert found["LoggingConfig"] == {"ApplicationLogLevel": "INFO", **logging}
    assert found["DeadLetterConfig"] == {"TargetArn": QUEUE}
    assert found["SnapStart"] == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"}
    aws.client("lambda").update_function_configuration(
        FunctionName="users",
        DeadLetterConfig={"TargetArn": ""},
        EphemeralStorage={"Size": 1024},
        KMSKeyArn="arn:aws:kms:eu-west-1:123456789012:key/1",
        LoggingConfig={"LogFormat": "Text"},
        TracingConfig={"Mode": "Active"},
    )
    found = configuration(aws)
    assert "DeadLetterConfig" not in found
    assert found["EphemeralStorage"] == {"Size": 1024}
    assert found["KMSKeyArn"] == "arn:aws:kms:eu-west-1:123456789012:key/1"
    assert found["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/users"}
    assert found["TracingConfig"] == {"Mode": "Active"}


def test_vpc_is_that_of_the_subnets(aws: Aws) -> None:
    subnet = aws.client("ec2").describe_subnets()["Subnets"][0]
    aws.function("users", VpcConfig={"SubnetIds": [subnet["SubnetId"]], "SecurityGroupIds": ["sg-1"]})
    assert configuration(aws)["VpcConfig"]["VpcId"] == subnet["VpcId"]


def test_reserved_concurrency_of_none(aws: Aws) -> None:
    """Nothing may run: that is not the same as no reservation."""
    client = aws.client("lambda")
    aws.function("users")
    assert "Concurrency" not in client.get_function(FunctionName="users")
    client.put_function_concurrency(FunctionName="users", ReservedConcurrentExecutions=0)
    found = client.get_function(FunctionName="users")
    assert found["Concurrency"] == {"ReservedConcurrentExecutions": 0}


def test_versions_are_published_of_changes_alone(aws: Aws) -> None:
    """As on AWS: the version that exists is answered; a number is never given again."""
    client = aws.client("lambda")
    aws.function("users", Timeout=3)
    client.update_function_configuration(FunctionName="users", Timeout=3)
    assert client.publish_version(FunctionName="users")["Version"] == "1"
    client.update_function_configuration(FunctionName="users", Timeout=3)
    assert client.publish_version(FunctionName="users")["Version"] == "1"
    client.update_function_configuration(FunctionName="users", Timeout=4)
    assert client.publish_version(FunctionName="users")["Version"] == "2"
    client.delete_function(FunctionName="users", Qualifier="2")
    client.update_function_configuration(FunctionName="users", Timeout=5)
    assert client.publish_version(FunctionName="users")["Version"] == "3"


def test_versions_stay_as_they_were_published(aws: Aws) -> None:
    client = aws.client("lambda")
    created = aws.function("users", Code={"ZipFile": package("1")}, Publish=True)
    updated = client.update_function_code(FunctionName="users", ZipFile=package("two"), Publish=True)
    client.update_function_configuration(FunctionName="users", DeadLetterConfig={"TargetArn": QUEUE})
    assert (created["Version"], updated["Version"]) == ("1", "2")
    assert configuration(aws, qualifier="1")["CodeSha256"] == created["CodeSha256"]
    assert configuration(aws, qualifier="2")["CodeSha256"] == updated["CodeSha256"] != created["CodeSha256"]
    assert "DeadLetterConfig" not in configuration(aws, qualifier="2")


def test_asynchronous_calls_are_configured_for_each_qualifier(aws: Aws) -> None:
    client = aws.client("lambda")
    aws.function("users", Publish=True)
    client.create_alias(FunctionName="users", Name="live", FunctionVersion="1")
    client.put_function_event_invoke_config(FunctionName="users", MaximumRetryAttempts=0)
    client.put_function_event_invoke_config(FunctionName="users", Qualifier="live", MaximumRetryAttempts=1)
    client.put_function_event_invoke_config(
        FunctionName="users",
        Qualifier="live",
        MaximumRetryAttempts=2,
        DestinationConfig={"OnFailure": {"Destination": QUEUE}, "OnSuccess": {"Destination": TOPIC}},
    )
    latest = client.get_function_event_invoke_config(FunctionName="users")
    live = client.get_function_event_invoke_config(FunctionName="users", Qualifier="live")
    assert (latest["MaximumRetryAttempts"], live["MaximumRetryAttempts"]) == (0, 2)
    assert live["FunctionArn"].endswith(":function:users:live")
    assert live["DestinationConfig"]["OnSuccess"] == {"Destination": TOPIC}
    client.delete_function_event_invoke_config(FunctionName="users", Qualifier="live")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_event_invoke_config(FunctionName="users", Qualifier="live")
    assert client.get_function_event_invoke_config(FunctionName="users")["MaximumRetryAttempts"] == 0


def test_mapping_names_the_alias(aws: Aws) -> None:
    """And not the version that the alias means at that moment."""
    client = aws.client("lambda")
    aws.function("users", Publish=True)
    for alias in ("live", "next"):
        client.create_alias(FunctionName="users", Name=alias, FunctionVersion="1")
    aws.client("sqs").create_queue(QueueName="jobs")
    source = "arn:aws:sqs:eu-west-1:123456789012:jobs"
    created = client.create_event_source_mapping(EventSourceArn=source, FunctionName="users:live")
    assert created["FunctionArn"].endswith(":function:users:live")
    found = client.get_event_source_mapping(UUID=created["UUID"])
    assert found["FunctionArn"].endswith(":function:users:live")
    arn = found["FunctionArn"].replace(":live", ":next")
    updated = client.update_event_source_mapping(UUID=created["UUID"], FunctionName=arn)
    assert updated["FunctionArn"].endswith(":function:users:next")


def test_what_exists_is_refused(aws: Aws) -> None:
    """As AWS does: nothing is replaced, and no permission hides another."""
    client = aws.client("lambda")
    aws.function("users", Publish=True)
    alias = {"FunctionName": "users", "Name": "live", "FunctionVersion": "1"}
    permission = {
        "FunctionName": "users",
        "StatementId": "api",
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
    }
    client.create_alias(**alias)
    client.add_permission(**permission)
    client.add_permission(**permission, Qualifier="live")
    role = configuration(aws)["Role"]
    again = {"FunctionName": "users", "Runtime": "python3.13", "Role": role, "Handler": "handler.handler"}
    for operation, arguments in (
        ("create_alias", alias),
        ("add_permission", permission),
        ("add_permission", {**permission, "Qualifier": "live"}),
        ("create_function", {**again, "Code": {"ZipFile": package("")}}),
    ):
        with pytest.raises(ClientError) as error:
            getattr(client, operation)(**arguments)
        assert error.value.response["Error"]["Code"] == "ResourceConflictException"
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
