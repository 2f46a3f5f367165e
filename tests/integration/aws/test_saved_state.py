"""The state of the AWS endpoint, saved and restored."""

import json
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend

from tests.integration.aws.in_process import PLACE, Aws
from toolchain.atomic_files import replacing
from toolchain.local.aws.moto_app import MotoApp
from toolchain.local.aws.saved import Keeper, Restored, StateFile, restore
from toolchain.local.aws.saved.file import versions

POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
LARGE = os.urandom(200_000)
BOTO3 = versions()["boto3"]


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "aws" / "state")


@pytest.fixture
def kept(aws: Aws, moto_app: MotoApp, file: StateFile) -> Iterator[Keeper]:
    """moto with AWS's own policies, whose state is kept; `aws` has emptied it."""
    del aws
    default_user_config["iam"]["load_aws_managed_policies"] = True
    moto_api_backend.reset()
    keeper = Keeper(file, moto_app)
    yield keeper
    keeper.close()


def make(aws: Aws) -> None:
    """Something of each service that a stage uses."""
    vpc = aws.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    aws.client("ec2").create_security_group(GroupName="functions", Description="it", VpcId=vpc)
    key = aws.client("kms").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    aws.client("kms").create_alias(AliasName="alias/it", TargetKeyId=key)
    location = {"LocationConstraint": PLACE.region}
    aws.client("s3").create_bucket(Bucket="things", CreateBucketConfiguration=location)
    aws.client("s3").put_object(Bucket="things", Key="large", Body=LARGE)
    aws.function("users", Publish=True)
    aws.client("lambda").create_alias(FunctionName="users", Name="live", FunctionVersion="1")
    aws.client("iam").attach_role_policy(RoleName="users-role", PolicyArn=POLICY)
    queue = aws.client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
    source = f"arn:aws:sqs:{PLACE.region}:{PLACE.account_id}:jobs"
    aws.client("lambda").create_event_source_mapping(EventSourceArn=source, FunctionName="users:live")
    aws.client("rds").create_db_cluster(
        DBClusterIdentifier="main",
        Engine="aurora-mysql",
        MasterUsername="root",
        ManageMasterUserPassword=True,
    )
    aws.client("cognito-idp").create_user_pool(PoolName="users", UserPoolTags={"stage": "dev"})
    aws.client("acm").request_certificate(DomainName="api.example.com", ValidationMethod="DNS")
    aws.client("apigatewayv2").create_api(Name="api", ProtocolType="HTTP")
    aws.client("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    aws.client("sns").create_topic(Name="done")
    aws.client("logs").create_log_group(logGroupName="api")
    aws.client("ssm").put_parameter(Name="/it", Type="String", Value="1")
    aws.client("dynamodb").create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    aws.client("dynamodb").put_item(TableName="things", Item={"id": {"S": "1"}})


def answers(aws: Aws) -> dict[str, Any]:
    """What the services say of all that."""
    asked: dict[str, tuple[str, str, dict[str, Any]]] = {
        "vpcs": ("ec2", "describe_vpcs", {}),
        "groups": ("ec2", "describe_security_groups", {}),
        "key": ("kms", "describe_key", {"KeyId": "alias/it"}),
        "public key": ("kms", "get_public_key", {"KeyId": "alias/it"}),
        "objects": ("s3", "list_objects_v2", {"Bucket": "things"}),
        "function": ("lambda", "get_function", {"FunctionName": "users", "Qualifier": "live"}),
        "alias": ("lambda", "get_alias", {"FunctionName": "users", "Name": "live"}),
        "mappings": ("lambda", "list_event_source_mappings", {}),
        "policies": ("iam", "list_attached_role_policies", {"RoleName": "users-role"}),
        "aws policy": ("iam", "get_policy", {"PolicyArn": POLICY}),
        "cluster": ("rds", "describe_db_clusters", {}),
        "secrets": ("secretsmanager", "list_secrets", {}),
        "pools": ("cognito-idp", "list_user_pools", {"MaxResults": 10}),
        "certificates": ("acm", "list_certificates", {}),
        "apis": ("apigatewayv2", "get_apis", {}),
        "rules": ("events", "list_rules", {}),
        "topics": ("sns", "list_topics", {}),
        "log groups": ("logs", "describe_log_groups", {}),
        "parameter": ("ssm", "get_parameter", {"Name": "/it"}),
        "item": ("dynamodb", "get_item", {"TableName": "things", "Key": {"id": {"S": "1"}}}),
    }
    found = {}
    for name, (service, operation, arguments) in asked.items():
        answer = getattr(aws.client(service), operation)(**arguments)
        answer.pop("ResponseMetadata")
        for cluster in answer.get("DBClusters", ()):
            cluster.pop("LatestRestorableTime", None)  # it is always now
        found[name] = answer
    return found


def test_everything_is_as_it_was(kept: Keeper, file: StateFile) -> None:
    """And goes on working: it is one state, in which things point at each other."""
    aws = Aws(kept)
    make(aws)
    before = answers(aws)
    kept.close()
    moto_api_backend.reset()
    assert restore(file) == Restored(is_read=True)
    assert answers(aws) == before
    assert aws.client("s3").get_object(Bucket="things", Key="large")["Body"].read() == LARGE
    messages = aws.client("sqs").receive_message(QueueUrl="http://127.0.0.1:4566/123456789012/jobs")
    assert [message["Body"] for message in messages["Messages"]] == ["hello"]
    aws.client("lambda").update_function_configuration(FunctionName="users", Timeout=9)
    assert aws.client("lambda").publish_version(FunctionName="users")["Version"] == "2"
    aws.client("iam").detach_role_policy(RoleName="users-role", PolicyArn=POLICY)
    assert aws.client("iam").get_policy(PolicyArn=POLICY)["Policy"]["AttachmentCount"] == 0


def test_changes_are_saved_while_it_runs(kept: Keeper, file: StateFile) -> None:
    """Soon after, without an end: whoever is killed has lost little."""
    aws = Aws(kept)
    aws.client("sns").create_topic(Name="done")
    deadline = time.monotonic() + 20
    while not file.path.exists():
        assert time.monotonic() < deadline, "nothing is saved"
        time.sleep(0.05)
    moto_api_backend.reset()
    assert restore(file) == Restored(is_read=True)
    assert len(aws.client("sns").list_topics()["Topics"]) == 1


def test_nothing_was_saved(file: StateFile) -> None:
    assert restore(file) == Restored()


def test_what_was_killed_while_it_saved_left_nothing_for_ever(file: StateFile) -> None:
    """Its half of a state may be large, and each kill would leave one more."""
    file.path.parent.mkdir()
    with replacing(file.path) as half:
        half.write_bytes(b"half")
        assert restore(file) == Restored()
        assert not half.exists()
        half.touch()


def test_only_its_user_may_write_it(kept: Keeper, file: StateFile) -> None:
    """Reading it runs what is in it."""
    kept.close()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    file.path.chmod(0o622)
    notice = restore(file).notice
    assert notice
    assert "others than its user may write it" in notice


def test_large_contents_are_kept_once(kept: Keeper, file: StateFile) -> None:
    """And go when nothing has them any more."""
    aws, blobs = Aws(kept), file.path.with_name("blobs")
    aws.client("s3").create_bucket(
        Bucket="things", CreateBucketConfiguration={"LocationConstraint": PLACE.region}
    )
    for key in ("one", "two"):
        aws.client("s3").put_object(Bucket="things", Key=key, Body=LARGE)
    kept.close()
    assert len(list(blobs.iterdir())) == 1
    assert len(file.path.read_bytes()) < len(LARGE)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"moto": "5.1.0"}, f"moto is {versions()['moto']} here, and was 5.1.0"),
        ({"python": "3.12.1"}, f"python is {versions()['python']} here, and was 3.12.1"),
        (
            {"format": "0", "boto3": "1"},
            f"format is {versions()['format']} here, and was 0, boto3 is {BOTO3} here, and was 1",
        ),
    ],
)
def test_state_of_other_versions_is_set_aside(
    kept: Keeper, file: StateFile, change: dict[str, str], reason: str
) -> None:
    """It is moto's objects as they are in memory: another version may have others."""
    kept.close()
    header, content = file.path.read_bytes().split(b"\n", 1)
    written = json.loads(header)
    written["versions"].update(change)
    file.path.write_bytes(json.dumps(written).encode() + b"\n" + content)
    assert restore(file) == Restored(
        notice=f"the local AWS state starts empty, without what was deployed here: {reason}; it is kept in"
        " state.unread beside. Run `invoke deploy --stage local` again"
    )
    assert not file.path.exists()
    assert file.path.with_name("state.unread").exists()


@pytest.mark.parametrize("content", [b"", b"no JSON\n", b"{}\n"])
def test_file_that_is_no_state(file: StateFile, content: bytes) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(content)
    file.path.chmod(0o600)
    notice = restore(file).notice
    assert notice
    assert "it is no saved state" in notice


def test_damaged_state_is_not_read(kept: Keeper, file: StateFile) -> None:
    kept.close()
    content = bytearray(file.path.read_bytes())
    content[-10] ^= 1
    file.path.write_bytes(content)
    notice = restore(file).notice
    assert notice
    assert "it is damaged" in notice


def test_services_that_were_only_asked_are_not_saved(kept: Keeper, file: StateFile) -> None:
    """They would be loaded at each start, for nothing."""
    aws = Aws(kept)
    assert aws.client("apigatewayv2").get_apis()["Items"] == []
    aws.client("sns").create_topic(Name="done")
    kept.close()
    content = file.path.read_bytes()
    assert b"moto.sns.models" in content
    assert b"moto.apigatewayv2.models" not in content
