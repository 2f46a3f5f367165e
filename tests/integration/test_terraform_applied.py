"""A stage with everything that the modules can make, on the AWS endpoint: made, planned again, and destroyed.

It is the stage dev with Aurora, RDS Proxy, alarms, a budget, GitHub's roles, and functions with every kind of
trigger. The stage local, with MariaDB, is deployed in tests/e2e.

The provider waits four minutes for it, so it is run on demand: TERRAFORM_EVERYTHING=1.
"""

import io
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from tests.integration.cognito.harness import LocalAws, serve
from tests.integration.terraform_copy import Terraform, copy_modules
from tests.terraform.functions_document import good
from toolchain.project import Project

_STAGE = "dev"
_BUCKET = "shop-dev-artifacts-123456789012"
_MORE = """
functions_file = "tests/fixtures/functions.json"
database = {
  engine             = "aurora-mysql"
  instances          = 2
  enable_proxy       = true
  enable_insights    = true
  monitoring_seconds = 60
  apply_immediately  = true
}
observability = { monthly_budget_usd = 200, emails = ["ops@example.com"] }
ci = { repository = "example/shop" }
"""

type Client = Callable[[str], Any]

LEFT: Mapping[str, Callable[[Client], list[Any]]] = {
    "alarms": lambda client: client("cloudwatch").describe_alarms()["MetricAlarms"],
    "APIs": lambda client: client("apigatewayv2").get_apis()["Items"],
    "buckets": lambda client: client("s3").list_buckets()["Buckets"],
    "clusters": lambda client: client("rds").describe_db_clusters()["DBClusters"],
    "functions": lambda client: client("lambda").list_functions()["Functions"],
    "log groups": lambda client: client("logs").describe_log_groups()["logGroups"],
    "mappings": lambda client: client("lambda").list_event_source_mappings()["EventSourceMappings"],
    "pools": lambda client: client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"],
    "proxies": lambda client: client("rds").describe_db_proxies()["DBProxies"],
    "queues": lambda client: client("sqs").list_queues().get("QueueUrls", []),
    "roles": lambda client: client("iam").list_roles()["Roles"],
    "rules": lambda client: client("events").list_rules()["Rules"],
    "schedules": lambda client: client("scheduler").list_schedules()["Schedules"],
    "secrets": lambda client: client("secretsmanager").list_secrets()["SecretList"],
    "tables": lambda client: client("dynamodb").list_tables()["TableNames"],
    "topics": lambda client: client("sns").list_topics()["Topics"],
    "VPCs": lambda client: [vpc for vpc in client("ec2").describe_vpcs()["Vpcs"] if not vpc["IsDefault"]],
}
"""What an account may still have of a stage; a key stays for its days of grace."""


@pytest.fixture
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An empty account, as the environment that reaches it."""
    with serve() as server:
        aws = LocalAws(server, tmp_path_factory.mktemp("cognito"))
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        aws.stop()


@pytest.fixture
def terraform(checkout: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    place = tmp_path_factory.mktemp("terraform")
    copied = copy_modules(checkout, place, without_backend=True)
    (copied.directory / "more.tfvars").write_text(_MORE, encoding="utf-8")
    yield copied
    shutil.rmtree(place, ignore_errors=True)


@pytest.mark.skipif("TERRAFORM_EVERYTHING" not in os.environ, reason="set TERRAFORM_EVERYTHING=1")
def test_the_second_plan_is_empty_and_destroying_leaves_nothing(
    terraform: Terraform, account: dict[str, str]
) -> None:
    """Exit code 2 of a plan means changes."""

    def run(*arguments: str) -> str:
        done = terraform.run(*arguments, workspace=_STAGE, more=account)
        assert done.returncode == 0, (done.stdout + done.stderr)[-8000:]
        return done.stdout

    def client(service: str) -> Any:  # noqa: ANN401  boto3 has no types
        return boto3.client(service, region_name="eu-west-1", endpoint_url=account["AWS_ENDPOINT_URL"])

    files = ("-no-color", "-input=false", "-var-file=stages/dev.tfvars", "-var-file=more.tfvars")
    before = {name: len(of(client)) for name, of in LEFT.items()}
    run("apply", "-auto-approve", *files, "-target=module.storage.aws_s3_bucket.artifacts")
    _upload(client("s3"))
    run("apply", "-auto-approve", *files)
    assert {name for name, of in LEFT.items() if len(of(client)) <= before[name]} == set()
    run("plan", "-detailed-exitcode", *files)
    run("destroy", "-auto-approve", *files)
    assert run("state", "list") == ""
    assert {name: len(of(client)) for name, of in LEFT.items()} == before


def _upload(client: Any) -> None:  # noqa: ANN401  boto3 has no types
    """The packages, as a deploy does before the apply."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("handler.py", "")
    for name, function in good()["functions"].items():
        key = f"functions/{name}/{function['zip']['sha256']}.zip"
        client.put_object(Bucket=_BUCKET, Key=key, Body=package.getvalue())
