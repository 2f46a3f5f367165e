"""The AWS endpoint with boto3: moto behind it, and errors that SDKs understand."""

import io
import json
import time
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.cognito.harness import LocalAws, PoolUnderTest, refused
from toolchain.local.aws.fidelity import Corrections, correct_moto
from toolchain.local.workers.logs import LogEntry


def test_services_work_at_one_address(aws: LocalAws) -> None:
    """One of each protocol: query, JSON, REST with XML and with JSON, EC2."""
    queue = aws.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    assert queue.endswith("/orders")
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="things", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    key = "a folder/ü & +%2F.txt"
    s3.upload_fileobj(io.BytesIO(b"x" * 300_000), "things", key, ExtraArgs={"Metadata": {"my_key": "1"}})
    assert s3.get_object(Bucket="things", Key=key)["Body"].read() == b"x" * 300_000
    assert s3.head_object(Bucket="things", Key=key)["ContentLength"] == 300_000
    assert [item["Key"] for item in s3.list_objects_v2(Bucket="things")["Contents"]] == [key]
    assert aws.client("ec2").describe_vpcs()["Vpcs"]
    assert aws.client("sts").get_caller_identity()["Account"] == "123456789012"
    assert aws.client("lambda").list_functions()["Functions"] == []
    assert aws.client("iam").get_policy(PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")["Policy"]


def test_missing_object_is_missing(aws: LocalAws) -> None:
    """HEAD answers 404, as Terraform's S3 backend expects of a state that is not there yet."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="states", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    with pytest.raises(ClientError) as error:
        s3.head_object(Bucket="states", Key="x")
    assert error.value.response["Error"]["Code"] == "404"


@pytest.mark.parametrize(
    ("service", "call", "arguments", "action"),
    [
        ("rds", "modify_activity_stream", {}, "ModifyActivityStream"),
        ("ec2", "describe_fpga_images", {}, "DescribeFpgaImages"),
        (
            "cognito-idp",
            "list_user_import_jobs",
            {"UserPoolId": "eu-west-1_x", "MaxResults": 1},
            "ListUserImportJobs",
        ),
        ("lambda", "list_code_signing_configs", {}, "GET /2020-04-22/code-signing-configs"),
    ],
)
def test_what_moto_lacks_is_refused_at_once(
    aws: LocalAws, service: str, call: str, arguments: dict[str, Any], action: str
) -> None:
    """A 400 that names it; at a 500, SDKs would try again for minutes."""
    with pytest.raises(ClientError) as error:
        getattr(aws.client(service), call)(**arguments)
    assert refused(error) == ("NotSupportedLocally", f"{service}: {action} is not supported locally")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_browser_may_call_cognito(aws: LocalAws, pool: PoolUnderTest) -> None:
    """CORS: the preflight, and headers of errors that Amplify reads."""
    preflight = requests.options(
        aws.url,
        headers={
            "Origin": "http://localhost:5173",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-amz-target,x-amz-user-agent",
        },
        timeout=10,
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "x-amz-target" in preflight.headers["access-control-allow-headers"]
    answer = requests.post(
        aws.url,
        data=json.dumps({"ClientId": pool.client_id, "Username": "ada"}),
        headers={
            "Origin": "http://localhost:5173",
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp",
        },
        timeout=10,
    )
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"
    assert answer.headers["x-amzn-errortype"] == "InvalidParameterException:"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == {
        "__type": "InvalidParameterException",
        "message": "1 validation error detected: Value at 'password' failed to satisfy constraint:"
        " Member must not be null",
    }


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"ClientId": 5}', b'{"ClientId": "x", "UserAttributes": 5}'])
def test_body_that_is_none_is_refused(aws: LocalAws, body: bytes) -> None:
    headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp"}
    answer = requests.post(aws.url, data=body, headers=headers, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["__type"] in ("SerializationException", "ResourceNotFoundException")


def test_instance_and_proxy_have_the_address_of_the_real_database(aws: LocalAws) -> None:
    """And each instance its own resource id."""
    correct_moto(Corrections(database=("127.0.0.1", 33061)))
    rds = aws.client("rds")
    for name in ("one", "two"):
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t4g.micro",
            Engine="mysql",
            AllocatedStorage=20,
            MasterUsername="root",
            MasterUserPassword="correct-horse",
        )
    instances = rds.describe_db_instances()["DBInstances"]
    assert {(item["Endpoint"]["Address"], item["Endpoint"]["Port"]) for item in instances} == {
        ("127.0.0.1", 33061)
    }
    assert len({item["DbiResourceId"] for item in instances}) == 2
    subnet = aws.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    proxy = rds.create_db_proxy(
        DBProxyName="pool",
        EngineFamily="MYSQL",
        RoleArn="arn:aws:iam::123456789012:role/proxy",
        VpcSubnetIds=[subnet],
        Auth=[],
    )["DBProxy"]
    assert proxy["Endpoint"] == "127.0.0.1"


def test_bucket_policy_with_a_condition_blocks_nobody(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="tls", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::tls", "arn:aws:s3:::tls/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket="tls", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_object(Bucket="tls", Key="a", Body=b"1")


def test_redrive_policies_converge(aws: LocalAws) -> None:
    sqs = aws.client("sqs")
    sqs.create_queue(QueueName="dead")
    policy = json.dumps({"redrivePermission": "allowAll"})
    url = sqs.create_queue(QueueName="letters", Attributes={"RedriveAllowPolicy": policy})["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert json.loads(found["RedriveAllowPolicy"]) == {"redrivePermission": "allowAll"}
    target = {"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:dead", "maxReceiveCount": 3}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(target)})
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert found["RedrivePolicy"] == json.dumps(target, separators=(",", ":"))


def test_client_that_goes_away_harms_nobody(aws: LocalAws) -> None:
    import socket

    with socket.create_connection(("127.0.0.1", aws.server.port)) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    time.sleep(0.1)
    assert aws.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_logs_of_functions_are_read_with_cloudwatch_logs(aws: LocalAws) -> None:
    """A group for each function, a stream for each instance, the lines as events."""
    logs = aws.logs
    now = int(time.time() * 1000)
    logs(LogEntry("welcome", "2026/01/01/[$LATEST]a", "1", now, b"START\nhello\n"))
    logs(LogEntry("welcome", "2026/01/01/[$LATEST]b", "2", now + 1, b"world\n"))
    client = aws.client("logs")
    found = client.filter_log_events(logGroupName="/aws/lambda/welcome")["events"]
    assert [event["message"] for event in found] == ["START\n", "hello\n", "world\n"]
    logs(LogEntry("welcome", "2026/01/01/[$LATEST]b", "3", now + 2, b"again\n"))
    streams = client.describe_log_streams(logGroupName="/aws/lambda/welcome")["logStreams"]
    assert [stream["logStreamName"][-1] for stream in streams] == ["a", "b"]
    events = client.get_log_events(
        logGroupName="/aws/lambda/welcome", logStreamName="2026/01/01/[$LATEST]b", startFromHead=True
    )["events"]
    assert [event["message"] for event in events] == ["world\n", "again\n"]


def test_of_logs_that_nobody_reads_the_latest_are_kept(aws: LocalAws) -> None:
    """A day of load must not fill memory."""
    now = int(time.time() * 1000)
    for number in range(20):
        line = b"%d %b\n" % (number, b"x" * 250_000)
        aws.logs(LogEntry("busy", "2026/01/01/[$LATEST]a", "1", now + number, line))
    found = aws.client("logs").filter_log_events(logGroupName="/aws/lambda/busy")["events"]
    assert [event["message"].split()[0] for event in found] == [str(number) for number in range(12, 20)]
