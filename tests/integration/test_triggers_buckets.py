"""Buckets that call functions, used by boto3 through a socket."""

from typing import Any

import requests
from aws_lambda_powertools.utilities.parser.models import S3Model
from moto.s3.models import s3_backends

from tests.integration.trigger_world import ACCOUNT_ID, REGION, Event, World, function_arn, world
from toolchain.events.catalog import named_event


def notify(cloud: World, *events: str, prefix: str = "", suffix: str = "") -> Any:  # noqa: ANN401 - a client of boto3
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": REGION})
    parts = {"prefix": prefix, "suffix": suffix}
    rules = [{"Name": name, "Value": value} for name, value in parts.items() if value]
    configuration: dict[str, object] = {
        "Id": "csv",
        "LambdaFunctionArn": function_arn("worker"),
        "Events": list(events),
    }
    if rules:
        configuration["Filter"] = {"Key": {"FilterRules": rules}}
    s3.put_bucket_notification_configuration(
        Bucket="uploads", NotificationConfiguration={"LambdaFunctionConfigurations": [configuration]}
    )
    return s3


def test_objects_of_a_bucket() -> None:
    with world({"worker": lambda _: None}) as cloud:
        s3 = notify(cloud, "s3:ObjectCreated:*", "s3:ObjectRemoved:*", prefix="in/", suffix=".csv")
        s3.put_object(Bucket="uploads", Key="in/Ada Lovelace+1.csv", Body=b"abc")
        s3.put_object(Bucket="uploads", Key="out/a.csv", Body=b"")
        s3.put_object(Bucket="uploads", Key="in/a.json", Body=b"")
        s3.delete_object(Bucket="uploads", Key="in/Ada Lovelace+1.csv")
        cloud.wait(lambda: len(cloud.functions.calls) == 2)

        events = cloud.functions.events("worker")
        for event in events:
            S3Model.model_validate(event)
        created, removed = (record for event in events for record in event["Records"])
        assert created["s3"]["configurationId"] == "csv"
        assert created["eventName"] == "ObjectCreated:Put"
        assert removed["eventName"] == "ObjectRemoved:Delete"
        assert created["awsRegion"] == REGION
        assert created["s3"]["object"].keys() == named_event("s3")["Records"][0]["s3"]["object"].keys()
        assert created["s3"]["object"]["key"] == "in/Ada+Lovelace%2B1.csv"
        assert created["s3"]["object"]["size"] == 3
        assert removed["s3"]["object"].keys() == {"key", "sequencer"}
        assert removed["s3"]["object"]["sequencer"] > created["s3"]["object"]["sequencer"]


def test_each_way_to_create_an_object() -> None:
    """Each calls the function once: parts and sources of copies are not announced as well."""
    with world({"worker": lambda _: None}) as cloud:
        s3 = notify(cloud, "s3:ObjectCreated:*")
        put_in_parts(s3, "parts")
        s3.copy_object(Bucket="uploads", Key="copy", CopySource="uploads/parts")
        form = s3.generate_presigned_post("uploads", "form")
        requests.post(form["url"], data=form["fields"], files={"file": b"abc"}, timeout=5).raise_for_status()
        s3.put_object(Bucket="uploads", Key="last", Body=b"")
        cloud.wait(lambda: len(cloud.functions.calls) >= 4)

        created = [
            (record["s3"]["object"]["key"], record["eventName"])
            for record in cloud.functions.records("worker")
        ]
        assert sorted(created) == [
            ("copy", "ObjectCreated:Copy"),
            ("form", "ObjectCreated:Post"),
            ("last", "ObjectCreated:Put"),
            ("parts", "ObjectCreated:CompleteMultipartUpload"),
        ]


def put_in_parts(s3: Any, key: str) -> None:  # noqa: ANN401 - a client of boto3
    """As upload_file does it from 8 MB on."""
    upload = {"Bucket": "uploads", "Key": key}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    part = s3.upload_part(**upload, PartNumber=1, Body=b"abc")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    s3.complete_multipart_upload(**upload, MultipartUpload=parts)


def test_an_object_that_is_tagged() -> None:
    """Once when it is; not when it is put without tags."""
    with world({"worker": lambda _: None}) as cloud:
        s3 = notify(cloud, "s3:ObjectTagging:*")
        s3.put_object(Bucket="uploads", Key="a", Body=b"")
        tags = {"TagSet": [{"Key": "kind", "Value": "draft"}]}
        s3.put_object_tagging(Bucket="uploads", Key="a", Tagging=tags)
        cloud.wait(lambda: cloud.functions.calls)

        assert [record["eventName"] for record in cloud.functions.records("worker")] == ["ObjectTagging:Put"]


def test_a_bucket_with_versions() -> None:
    with world({"worker": lambda _: None}) as cloud:
        s3 = notify(cloud, "s3:ObjectCreated:*", "s3:ObjectRemoved:*")
        s3.put_bucket_versioning(Bucket="uploads", VersioningConfiguration={"Status": "Enabled"})
        version = s3.put_object(Bucket="uploads", Key="a", Body=b"")["VersionId"]
        marker = s3.delete_object(Bucket="uploads", Key="a")["VersionId"]
        s3.delete_object(Bucket="uploads", Key="a", VersionId=version)
        cloud.wait(lambda: len(cloud.functions.calls) == 3)

        records = sorted(
            cloud.functions.records("worker"), key=lambda record: record["s3"]["object"]["sequencer"]
        )
        assert [(record["eventName"], record["s3"]["object"]["versionId"]) for record in records] == [
            ("ObjectCreated:Put", version),
            ("ObjectRemoved:DeleteMarkerCreated", marker),
            ("ObjectRemoved:Delete", version),
        ]


def test_the_object_is_complete_when_the_function_runs() -> None:
    """moto announces it before it has its metadata."""
    found: list[Any] = []

    def look(_: Event) -> None:
        stored = s3_backends[ACCOUNT_ID]["aws"].get_object("uploads", "a")
        found.append(stored and dict(stored.metadata)["x-amz-meta-owner"])

    with world({"worker": look}) as cloud:
        s3 = notify(cloud, "s3:ObjectCreated:*")
        s3.put_object(Bucket="uploads", Key="a", Body=b"", Metadata={"owner": "ada"})
        cloud.wait(lambda: found)

    assert found == ["ada"]
