"""The bucket of the states."""

import json
from dataclasses import replace

from tests.integration.deploy.world import STAGE, World
from toolchain.deploy import commands, state_bucket
from toolchain.deploy.cloud import choose_environment, connect
from toolchain.deploy.stages import read_stage
from toolchain.local.aws.messages import HttpRequest, HttpResponse


def bootstrap(world: World) -> list[str]:
    """What `invoke bootstrap` prints."""
    commands.bootstrap(world.checkout.project, STAGE, world.console())
    return world.said.output.getvalue().splitlines()


def test_bucket_is_made_closed_and_the_second_time_left_alone(world: World) -> None:
    bucket = world.state_bucket
    assert bootstrap(world) == [
        f"made the bucket {bucket} in eu-west-1",
        f"{bucket}: public access is blocked",
        f"{bucket}: requests without TLS are denied",
        f"{bucket}: versions are kept",
        f"{bucket}: objects are encrypted",
        f"{bucket}: replaced versions are removed after 90 days",
    ]
    s3 = world.client("s3")
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    [statement] = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert (statement["Effect"], statement["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert statement["Resource"] == [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    with world.recorded() as recorder:
        assert bootstrap(world) == [f"the bucket {bucket} is as it should be"]
    assert recorder.writes == []


def test_what_was_opened_is_closed_again(world: World) -> None:
    """And nothing else is touched, such as statements that a team has added."""
    bootstrap(world)
    s3 = world.client("s3")
    s3.delete_public_access_block(Bucket=world.state_bucket)
    s3.put_bucket_versioning(Bucket=world.state_bucket, VersioningConfiguration={"Status": "Suspended"})
    assert bootstrap(world) == [
        f"{world.state_bucket}: public access is blocked",
        f"{world.state_bucket}: versions are kept",
    ]


def test_bucket_that_may_not_be_looked_at_is_there(world: World) -> None:
    """As for roles of CI, which see the objects of their stage alone."""
    stage = read_stage(world.checkout.project, STAGE)
    access = connect(choose_environment(world.environ, stage, lambda: None), stage)
    assert not state_bucket.exists(access, world.state_bucket)
    before = world.server.handler

    def forbid(_: HttpRequest) -> HttpResponse:
        return HttpResponse(403)

    world.server.handler = forbid
    try:
        assert state_bucket.exists(access, world.state_bucket)
    finally:
        world.server.handler = before


def test_bucket_in_a_partition_of_its_own(world: World) -> None:
    """https://docs.aws.amazon.com/general/latest/gr/aws-arns-and-namespaces.html ."""
    stage = replace(read_stage(world.checkout.project, STAGE), region="cn-north-1")
    access = connect(choose_environment(world.environ, stage, lambda: None), stage)
    state_bucket.bootstrap(access, stage, "shop-tfstate-in-china")
    found = access.client("s3").get_bucket_policy(Bucket="shop-tfstate-in-china")
    assert json.loads(found["Policy"])["Statement"][0]["Resource"] == [
        "arn:aws-cn:s3:::shop-tfstate-in-china",
        "arn:aws-cn:s3:::shop-tfstate-in-china/*",
    ]
