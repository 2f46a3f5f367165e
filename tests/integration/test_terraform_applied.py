"""A stage with everything that the modules can make, on the AWS endpoint: made, planned again, and destroyed.

It is the stage dev with Aurora, RDS Proxy, NAT gateways, alarms, a budget, GitHub's roles, and functions with
every kind of trigger. The stage local, with MariaDB, is deployed in tests/e2e.

The local cloud asks nobody for permissions, so the provider's log tells what IAM would ask CI's roles for.

The provider waits four minutes for it, so it is run on demand: TERRAFORM_EVERYTHING=1.
"""

import io
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
import pytest

from tests.integration.cognito.harness import LocalAws, serve
from tests.integration.terraform_copy import Terraform, copy_modules
from tests.terraform.functions_document import good
from tests.terraform.provider_calls import allowed, read_actions, refused
from toolchain.project import Project

_STAGE = "dev"
_BUCKET = "shop-dev-artifacts-123456789012"
_MORE = """
functions_file = "tests/fixtures/functions.json"
is_local_cloud = true
network = { nat_zones = 2 }
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

_BY_PEOPLE = {
    *("ec2:CreateVpc", "ec2:DeleteVpc", "kms:CreateKey"),
    *("ec2:AttachInternetGateway", "ec2:CreateInternetGateway", "ec2:DeleteInternetGateway"),
    *("ec2:AllocateAddress", "ec2:CreateNatGateway", "ec2:CreateRoute", "ec2:DeleteNatGateway"),
    *("ec2:DeleteRoute", "ec2:DetachInternetGateway", "ec2:DisassociateAddress", "ec2:ReleaseAddress"),
    *("iam:CreateOpenIDConnectProvider", "iam:CreatePolicy"),
    *("iam:DeleteOpenIDConnectProvider", "iam:DeletePolicy", "iam:DeleteRolePermissionsBoundary"),
}
"""What CI's role can't do: make the network, its ways out and the key; change itself and its bounds."""

LEFT: Mapping[str, Callable[[Client], list[Any]]] = {
    "alarms": lambda client: client("cloudwatch").describe_alarms()["MetricAlarms"],
    "addresses": lambda client: client("ec2").describe_addresses()["Addresses"],
    "APIs": lambda client: client("apigatewayv2").get_apis()["Items"],
    "buckets": lambda client: client("s3").list_buckets()["Buckets"],
    "clusters": lambda client: client("rds").describe_db_clusters()["DBClusters"],
    "functions": lambda client: client("lambda").list_functions()["Functions"],
    "log groups": lambda client: client("logs").describe_log_groups()["logGroups"],
    "mappings": lambda client: client("lambda").list_event_source_mappings()["EventSourceMappings"],
    "NAT gateways": lambda client: client("ec2").describe_nat_gateways(
        Filter=[{"Name": "state", "Values": ["available", "deleting"]}]
    )["NatGateways"],
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
    logs = terraform.directory.parent / "logs"
    logs.mkdir()

    def run(*arguments: str) -> str:
        log = {"TF_LOG_PROVIDER": "DEBUG", "TF_LOG_PATH": str(logs / arguments[0])}
        done = terraform.run(*arguments, workspace=_STAGE, more={**account, **log})
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
    plan_role, apply_role = _ci_roles(client("iam"))
    _check_bounds(client("iam"))
    _check_order(run("apply", "-auto-approve", *files, "-var", "ci=null"))
    run("destroy", "-auto-approve", *files)
    assert run("state", "list") == ""
    assert {name: len(of(client)) for name, of in LEFT.items()} == before
    assert refused(read_actions([logs / "plan"]), plan_role) == []
    assert set(refused(read_actions(logs.iterdir()), apply_role)) == _BY_PEOPLE


def _ci_roles(iam: Any) -> list[set[str]]:  # noqa: ANN401  boto3 has no types
    """What the roles that plan and deploy are allowed."""
    return [allowed(_policies(iam, f"shop-dev-ci-{name}")) for name in ("plan", "apply")]


def _policies(iam: Any, role: str) -> Iterator[Any]:  # noqa: ANN401  boto3 has no types
    """The policies of a role, AWS's own among them."""
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        yield _document(iam, attached["PolicyArn"])


def _document(iam: Any, arn: str) -> Any:  # noqa: ANN401  boto3 has no types
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def _check_bounds(iam: Any) -> None:  # noqa: ANN401  boto3 has no types
    """Every role but CI's two is inside the boundary, with all that its policies allow."""
    roles = [
        each["RoleName"] for each in iam.list_roles()["Roles"] if each["RoleName"].startswith("shop-dev-")
    ]
    bounded = [role for role in roles if "-ci-" not in role]
    assert len(roles) - len(bounded) == 2
    for role in bounded:
        arn = iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
        assert arn.endswith(":policy/shop-dev-boundary")
        assert refused(allowed(_policies(iam, role)), allowed([_document(iam, arn)])) == [], role


def _check_order(applied: str) -> None:
    """The boundary is deleted when no role has it any more: IAM would refuse it before."""
    lines = applied.splitlines()
    deleted = next(i for i, line in enumerate(lines) if "aws_iam_policy.boundary: Destroying" in line)
    changed = [i for i, line in enumerate(lines) if ".aws_iam_role." in line and "Modifications comp" in line]
    assert len(changed) >= 5
    assert max(changed) < deleted


def _upload(client: Any) -> None:  # noqa: ANN401  boto3 has no types
    """The packages, as a deploy does before the apply."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("handler.py", "")
    for name, function in good()["functions"].items():
        key = f"functions/{name}/{function['zip']['sha256']}.zip"
        client.put_object(Bucket=_BUCKET, Key=key, Body=package.getvalue())
