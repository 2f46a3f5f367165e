"""What releases ask of AWS, asked with boto3 of the local cloud; functions' answers are tested elsewhere."""

import hashlib
import io
import time
import zipfile
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.config import Config

from tests.integration.aws.in_process import PLACE, Aws
from toolchain.deploy.releases.aws import Cloud
from toolchain.deploy.releases.services import ABSENT, Alias, ChangedError, StoredObject
from toolchain.deploy.releases.target import Target
from toolchain.errors import AwsError

_TARGET = Target("shop", "dev", PLACE.region, PLACE.account_id)
_HEALTH = "shop-dev-health"


@dataclass(frozen=True, slots=True)
class _Session:
    aws: Aws

    def client(self, service: str, *, config: Config) -> Any:  # noqa: ANN401  boto3's clients have no types
        """The clients of tests share one configuration."""
        assert config.max_pool_connections == 32
        return self.aws.client(service)


@dataclass
class _Stage:
    """A stage's bucket, and functions with versions as Terraform publishes them, from zips in the bucket."""

    aws: Aws
    services: Cloud

    def publish(self, function: str, content: str) -> str:
        """A new version; returns the SHA-256 of its zip."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("handler.py", content)
        zipped = buffer.getvalue()
        digest = hashlib.sha256(zipped).hexdigest()
        key = f"functions/{function}/{digest}.zip"
        self.services.bucket.write(key, zipped, sha256=digest)
        client = self.aws.client("lambda")
        source = {"S3Bucket": _TARGET.artifact_bucket, "S3Key": key}
        try:
            client.update_function_code(FunctionName=function, Publish=True, **source)
        except client.exceptions.ResourceNotFoundException:
            self.aws.function(function, Code=source, Publish=True)
            client.create_alias(FunctionName=function, Name="live", FunctionVersion="1")
        return digest


@pytest.fixture
def stage(aws: Aws) -> _Stage:
    location = {"LocationConstraint": PLACE.region}
    aws.client("s3").create_bucket(Bucket=_TARGET.artifact_bucket, CreateBucketConfiguration=location)
    return _Stage(aws, Cloud(_TARGET, _Session(aws)))


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def test_objects_are_stored_with_their_checksums(stage: _Stage) -> None:
    bucket = stage.services.bucket
    assert bucket.head("a") is None
    assert bucket.read("a") is None
    etag = bucket.write("a", b"content", sha256=_digest(b"content"))
    assert bucket.head("a") == StoredObject(7, _digest(b"content"))
    found = bucket.read("a")
    assert found
    assert (found.body, found.etag) == (b"content", etag)


def test_object_of_another_program_has_no_checksum_of_ours(stage: _Stage) -> None:
    """Nothing is concluded from it: it is stored again."""
    stage.aws.client("s3").put_object(
        Bucket=_TARGET.artifact_bucket, Key="a", Body=b"content", ChecksumAlgorithm="CRC32"
    )
    assert stage.services.bucket.head("a") == StoredObject(7, None)


def test_conditions_of_writes(stage: _Stage) -> None:
    bucket = stage.services.bucket
    first = bucket.write("lock", b"1", sha256=_digest(b"1"), only_if=ABSENT)
    with pytest.raises(ChangedError) as error:
        bucket.write("lock", b"2", sha256=_digest(b"2"), only_if=ABSENT)
    assert str(error.value) == "lock: somebody else has written it"
    second = bucket.write("lock", b"2", sha256=_digest(b"2"), only_if=first)
    assert second != first
    with pytest.raises(ChangedError):
        bucket.write("lock", b"3", sha256=_digest(b"3"), only_if=first)
    with pytest.raises(ChangedError):
        bucket.write("gone", b"1", sha256=_digest(b"1"), only_if=first)
    assert bucket.keys("") == ["lock"]


def test_write_whose_answer_was_lost_is_no_conflict(stage: _Stage) -> None:
    """The SDK sends it again, and finds the condition broken by its own first attempt."""
    bucket = stage.services.bucket
    first = bucket.write("lock", b"1", sha256=_digest(b"1"), only_if=ABSENT)
    assert bucket.write("lock", b"1", sha256=_digest(b"1"), only_if=ABSENT) == first
    second = bucket.write("lock", b"2", sha256=_digest(b"2"), only_if=first)
    assert bucket.write("lock", b"2", sha256=_digest(b"2"), only_if=first) == second
    with pytest.raises(ChangedError):
        bucket.write("lock", b"3", sha256=_digest(b"3"), only_if=first)


def test_keys_of_a_folder_that_has_many(stage: _Stage) -> None:
    """S3 lists a thousand at once."""
    for number in range(1003):
        stage.aws.client("s3").put_object(
            Bucket=_TARGET.artifact_bucket, Key=f"releases/{number:04}", Body=b""
        )
    stage.aws.client("s3").put_object(Bucket=_TARGET.artifact_bucket, Key="other", Body=b"")
    assert stage.services.bucket.keys("releases/") == [f"releases/{number:04}" for number in range(1003)]


def test_stage_that_was_not_deployed(aws: Aws) -> None:
    services = Cloud(_TARGET, _Session(aws))
    with pytest.raises(AwsError) as error:
        services.bucket.keys("releases/")
    assert str(error.value) == ("the stage is not deployed; run `invoke deploy`")
    assert services.functions.alias(_HEALTH, "live") is None
    assert services.functions.version(_HEALTH, "1") is None
    assert services.functions.log_group(_HEALTH) is None
    assert list(services.logs.events("/aws/lambda/nobody", 0)) == []


def test_versions_are_those_of_the_zips(stage: _Stage) -> None:
    digests = [stage.publish(_HEALTH, text) for text in ("1", "2")]
    functions = stage.services.functions
    found = [functions.version(_HEALTH, number) for number in ("1", "2", "live")]
    assert [version and version.sha256 for version in found] == [digests[0], digests[1], digests[0]]
    assert [version and version.state for version in found] == ["Active"] * 3
    assert functions.version(_HEALTH, "3") is None


def test_aliases_move_for_those_who_know_where_they_are(stage: _Stage) -> None:
    for text in ("1", "2"):
        stage.publish(_HEALTH, text)
    functions = stage.services.functions
    before = functions.alias(_HEALTH, "live")
    assert before
    moved = functions.move_alias(_HEALTH, "live", version="2", revision_id=before.revision_id)
    assert functions.alias(_HEALTH, "live") == moved == Alias("2", moved.revision_id)
    with pytest.raises(ChangedError) as error:
        functions.move_alias(_HEALTH, "live", version="1", revision_id=before.revision_id)
    assert str(error.value) == f"{_HEALTH}: somebody else has moved its alias live"
    with pytest.raises(AwsError, match=f"lambda:UpdateAlias {_HEALTH}:live: ResourceNotFoundException"):
        functions.move_alias(_HEALTH, "live", version="9", revision_id=moved.revision_id)


def test_move_ends_a_shift_of_traffic(stage: _Stage) -> None:
    for text in ("1", "2"):
        stage.publish(_HEALTH, text)
    client = stage.aws.client("lambda")
    shifting = {"AdditionalVersionWeights": {"2": 0.1}}
    revision = client.update_alias(FunctionName=_HEALTH, Name="live", RoutingConfig=shifting)["RevisionId"]
    stage.services.functions.move_alias(_HEALTH, "live", version="2", revision_id=revision)
    assert "RoutingConfig" not in client.get_alias(FunctionName=_HEALTH, Name="live")


def test_old_versions_are_deleted(stage: _Stage) -> None:
    for text in ("1", "2", "3"):
        stage.publish(_HEALTH, text)
    functions = stage.services.functions
    shifting = {"AdditionalVersionWeights": {"3": 0.1}}
    stage.aws.client("lambda").update_alias(FunctionName=_HEALTH, Name="live", RoutingConfig=shifting)
    assert functions.versions(_HEALTH) == ["1", "2", "3"]
    assert functions.aliased(_HEALTH) == {"1", "3"}
    for _ in range(2):
        functions.delete_version(_HEALTH, "2")
    assert functions.versions(_HEALTH) == ["1", "3"]
    assert functions.version(_HEALTH, "2") is None
    stage.publish(_HEALTH, "4")
    assert functions.versions(_HEALTH) == ["1", "3", "4"]


def test_many_versions_are_all_listed(stage: _Stage) -> None:
    """AWS lists fifty at once."""
    for number in range(60):
        stage.publish(_HEALTH, str(number))
    assert stage.services.functions.versions(_HEALTH) == [str(number) for number in range(1, 61)]


def test_group_of_logs_is_the_functions_own(stage: _Stage) -> None:
    stage.publish(_HEALTH, "1")
    assert stage.services.functions.log_group(_HEALTH) == f"/aws/lambda/{_HEALTH}"


def test_events_of_logs_are_in_order_and_all_there(stage: _Stage) -> None:
    """Of several streams, and of several pages (10,000 events each)."""
    logs = stage.aws.client("logs")
    logs.create_log_group(logGroupName="things")
    start = int(time.time() * 1000)
    for stream in ("a", "b"):
        logs.create_log_stream(logGroupName="things", logStreamName=stream)
        events = [
            {"timestamp": start + 2 * number + (stream == "b"), "message": f"{stream}{number}"}
            for number in range(6000)
        ]
        logs.put_log_events(logGroupName="things", logStreamName=stream, logEvents=events)
    found = list(stage.services.logs.events("things", start + 2))
    assert [event.message for event in found] == [
        f"{stream}{number}" for number in range(1, 6000) for stream in ("a", "b")
    ]
    assert len({event.id for event in found}) == len(found)
    assert (found[0].time_ms, found[0].stream) == (start + 2, "a")


def test_caller_is_named(stage: _Stage) -> None:
    assert stage.services.caller() == "arn:aws:sts::123456789012:user/moto"
