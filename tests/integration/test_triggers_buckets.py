"""Buckets that call functions, used by boto3 through a socket."""

from typing import Any

import pytest
import requests
from aws_lambda_powertools.utilities.parser.models import S3Model
from botocore.exceptions import ClientError
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
    if not events:
        return s3
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


FUNCTION = function_arn("worker")
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:none"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:none"


def to_function(arn: str = FUNCTION, *, events: str = "s3:ObjectCreated:*", **rules: str) -> dict[str, Any]:
    filters = [{"Name": name, "Value": value} for name, value in rules.items()]
    return {
        "LambdaFunctionArn": arn,
        "Events": [events],
        **({"Filter": {"Key": {"FilterRules": filters}}} if filters else {}),
    }


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ([to_function(infix="a")], "filter rule name must be either prefix or suffix"),
        ([to_function(prefix="")], "filter value cannot be empty"),
        ([to_function(prefix="a", Prefix="b")], "Cannot specify more than one prefix rule in a filter"),
        ([to_function(function_arn("none"))], "Unable to validate the following destination configurations"),
        (
            [{"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"]}],
            "Unable to validate the following destination",
        ),
        (
            [{"TopicArn": TOPIC, "Events": ["s3:ObjectCreated:*"]}],
            "Unable to validate the following destination",
        ),
        ([to_function("arn:aws:lambda:worker")], "The ARN is not well formed"),
        ([to_function(FUNCTION.replace(REGION, "eu-west-2"))], "destination service region is not valid"),
        ([to_function(), to_function(events="s3:ObjectCreated:Put")], "Configurations overlap"),
        ([to_function(prefix="in/"), to_function(prefix="in/a", suffix=".csv")], "Configurations overlap"),
        (
            [{**to_function(prefix=key), "Id": "same"} for key in "ab"],
            "Same ID used for multiple configurations",
        ),
    ],
)
def test_notifications_that_aws_refuses(configuration: list[dict[str, Any]], message: str) -> None:
    """What was there before stays."""
    kinds = {"LambdaFunctionArn": "LambdaFunction", "QueueArn": "Queue", "TopicArn": "Topic"}
    [kind] = {kinds[name] for each in configuration for name in each if name in kinds}
    with world({"worker": lambda _: None}) as cloud:
        s3 = notify(cloud, "s3:ObjectRemoved:*")
        before = announced(s3)
        with pytest.raises(ClientError, match=rf"\(InvalidArgument\).*{message}"):
            s3.put_bucket_notification_configuration(
                Bucket="uploads", NotificationConfiguration={f"{kind}Configurations": configuration}
            )
        assert announced(s3) == before


def test_notifications_side_by_side() -> None:
    """Of other events, or of other keys; names of filters in any case, which come back in capitals."""
    with world({"worker": lambda _: None}) as cloud:
        s3 = notify(cloud)
        several = [
            to_function(PREFIX="in/", suffix=".csv"),
            to_function(Prefix="in/", Suffix=".json"),
            to_function(events="s3:ObjectRemoved:*"),
        ]
        s3.put_bucket_notification_configuration(
            Bucket="uploads", NotificationConfiguration={"LambdaFunctionConfigurations": several}
        )
        for key in ("in/a.csv", "out/a.csv", "in/a.json", "a.json"):
            s3.put_object(Bucket="uploads", Key=key, Body=b"")
        cloud.wait(lambda: len(cloud.functions.calls) == 2)

        keys = [record["s3"]["object"]["key"] for record in cloud.functions.records("worker")]
        assert sorted(keys) == ["in/a.csv", "in/a.json"]
        rules = announced(s3)[0]["Filter"]["Key"]["FilterRules"]
        assert rules == [{"Name": "Prefix", "Value": "in/"}, {"Name": "Suffix", "Value": ".csv"}]


def test_a_destination_that_is_not_looked_for() -> None:
    with world({}) as cloud:
        s3 = notify(cloud)
        s3.put_bucket_notification_configuration(
            Bucket="uploads",
            NotificationConfiguration={"LambdaFunctionConfigurations": [to_function()]},
            SkipDestinationValidation=True,
        )
        assert [each["LambdaFunctionArn"] for each in announced(s3)] == [FUNCTION]
        s3.put_bucket_notification_configuration(Bucket="uploads", NotificationConfiguration={})
        assert announced(s3) == []


def announced(s3: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a client of boto3
    found = s3.get_bucket_notification_configuration(Bucket="uploads")
    return list(found.get("LambdaFunctionConfigurations", ()))
