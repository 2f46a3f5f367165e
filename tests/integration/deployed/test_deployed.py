"""The application, deployed to `up` beside its source: from sign-up to a row, and through a restart."""

import json
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from tests.integration.deployed.deployment import Deployment, answering, package
from tests.integration.deployed.stack import Stack
from tests.integration.running_up import call, sign_in, sign_up

# pycognito asks for the time in a way that Python is giving up.
pytestmark = pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning")


def test_sign_up_sign_in_and_call_the_api(deployment: Deployment) -> None:
    """The deployed trigger makes the row in the stage's own schema; the source's users are others."""
    stage = deployment.as_client
    assert stage.api_url not in (deployment.cloud.record.api_url, "")
    sign_up(stage, "ada@example.com")
    token = sign_in(stage, "ada@example.com")
    assert call(stage, "GET", "/me", token).json()["email"] == "ada@example.com"
    assert call(stage, "GET", "/me").json() == {"message": "Unauthorized"}
    assert call(stage, "GET", "/users", token).status_code == 403
    assert call(stage, "GET", "/health").json() == {"status": "ok", "database": "ok"}
    assert call(stage, "GET", "/nowhere").json() == {"message": "Not Found"}
    assert call(deployment.cloud.record, "GET", "/me", token).json() == {"message": "Unauthorized"}


def test_up_says_where_the_api_is(deployment: Deployment) -> None:
    url = deployment.as_client.api_url
    assert deployment.cloud.record.deployed == {url: "app-dev"}
    assert f"deployed       {url}  app-dev" in deployment.cloud.printed()


def test_stages_have_rows_of_their_own(deployment: Deployment) -> None:
    """A second stage's database is empty, although both are at one address and called the same."""
    stack = Stack(deployment.stack.record, deployment.stack.dist, stage="test")
    functions = deployment.document["functions"]
    for name in ("migrate_database", "list_users"):
        stack.deploy_function(functions[name])
    stack.invoke("migrate_database", {})
    event = (deployment.cloud.project.root / "events" / "list_users.json").read_text()
    assert json.loads(stack.invoke("list_users", json.loads(event))["body"])["items"] == []
    first = deployment.stack.invoke("list_users", json.loads(event))
    assert len(json.loads(first["body"])["items"]) == 1
    stack.client("rds").delete_db_instance(DBInstanceIdentifier=stack.prefix, SkipFinalSnapshot=True)
    assert "rds_app_test_app" not in deployment.schemas()
    assert "rds_app_dev_app" in deployment.schemas()


def test_a_cluster_is_the_real_database_too(deployment: Deployment) -> None:
    """With a schema of its own; its instances have none."""
    rds = deployment.stack.client("rds")
    cluster = rds.create_db_cluster(
        DBClusterIdentifier="app-aurora",
        DatabaseName="app",
        Engine="aurora-mysql",
        MasterUsername="admin",
        MasterUserPassword="at-least-8",
    )["DBCluster"]
    database = deployment.cloud.record.database
    addresses = (cluster["Endpoint"], cluster["ReaderEndpoint"], str(cluster["Port"]))
    assert addresses == (database["DATABASE_HOST"], database["DATABASE_HOST"], database["DATABASE_PORT"])
    rds.create_db_instance(
        DBInstanceIdentifier="member",
        DBClusterIdentifier="app-aurora",
        DBInstanceClass="db.serverless",
        Engine="aurora-mysql",
    )
    assert {name for name in deployment.schemas() if "member" in name or "aurora" in name} == {
        "rds_cluster_app_aurora_app"
    }
    rds.delete_db_instance(DBInstanceIdentifier="member", SkipFinalSnapshot=True)
    rds.delete_db_cluster(DBClusterIdentifier="app-aurora", SkipFinalSnapshot=True)
    assert "rds_cluster_app_aurora_app" not in deployment.schemas()


def test_a_stage_in_another_region(deployment: Deployment, tmp_path: Path) -> None:
    """With functions of the same names, an API, logs; and a database of its own."""
    record, dist = deployment.stack.record, deployment.stack.dist
    stack = Stack(replace(record, region="us-west-2"), dist, stage="away")
    home = Stack(record, dist, stage="away")
    vars(home).update(role=stack.role, bucket=stack.bucket)  # roles are of no region, buckets of all
    file = tmp_path / "away.zip"
    file.write_bytes(
        package("import os\ndef handler(event, context):\n    return os.environ['AWS_REGION']\n")
    )
    for each in (stack, home):
        each.deploy_function(deployment.declared("away"), file)
    assert (stack.invoke("away", {}), home.invoke("away", {})) == ("us-west-2", "eu-west-1")
    api = stack.client("apigatewayv2")
    api_id = api.create_api(Name="away", ProtocolType="HTTP")["ApiId"]
    trigger = {"payload_format_version": "2.0", "auth": "none", "route_key": "GET /region", "scopes": []}
    stack.deploy_route(api_id, "", "away", trigger)
    api.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
    assert requests.get(f"{stack.url(api_id)}/region", timeout=10).text == "us-west-2"
    functions = deployment.document["functions"]
    for name in ("migrate_database", "health"):
        stack.deploy_function(functions[name])
    assert stack.invoke("migrate_database", {})["applied"]
    assert "rds_123456789012_us_west_2_app_away_app" in deployment.schemas()
    groups = stack.client("logs").describe_log_groups()["logGroups"]
    assert "/aws/lambda/app-away-migrate_database" in {group["logGroupName"] for group in groups}


def test_what_is_deployed_runs_after_a_restart(deployment: Deployment, tmp_path: Path) -> None:
    """At the same address, with its users and rows, each alias where it was, and versions with their code."""
    stack, file = deployment.stack, tmp_path / "kept.zip"
    for text in ("one", "two"):
        file.write_bytes(answering(text))
        if text == "one":
            stack.deploy_function(deployment.declared("kept"), file)
        else:
            stack.update_function("kept", file)
    before = deployment.as_client
    sign_up(before, "grace@example.com")
    deployment.restart()
    after = deployment.as_client
    assert (after.api_url, after.deployed) == (before.api_url, before.deployed)
    assert (
        call(after, "GET", "/me", sign_in(after, "grace@example.com")).json()["email"] == "grace@example.com"
    )
    answers = [deployment.stack.invoke("kept", {}, qualifier) for qualifier in ("live", "2", None)]
    assert answers == ["one", "two", "two"]
    deployment.restart(signal.SIGKILL)
    assert deployment.as_client.api_url == before.api_url
    assert deployment.stack.invoke("kept", {}) == "one"
    assert call(deployment.as_client, "GET", "/health").json() == {"status": "ok", "database": "ok"}
