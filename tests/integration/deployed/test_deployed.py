"""The application, deployed to `up` beside its source: from sign-up to a row, and through a restart."""

import io
import json
import signal
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from lib.database import connect
from lib.settings import database_settings, reading
from tests.integration.deployed.stack import OTHER, Stack, build_application
from tests.integration.running_up import Cloud, call, sign_in, sign_up, until
from toolchain.local.up.record import Record

# pycognito asks for the time in a way that Python is giving up.
pytestmark = pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning")


class Deployment:
    """A cloud, and a stage that is deployed to it."""

    def __init__(self, root: Path) -> None:
        self.document: Mapping[str, Any] = build_application(root)
        self.cloud = Cloud(root)
        self.stack = Stack(self.cloud.start(), root / "dist")

    def deploy(self) -> None:
        for declaration in self.document["functions"].values():
            self.stack.deploy_function(declaration)
        self.stack.invoke("migrate_database", {})
        self.pool, self.app = self.stack.deploy_pool({"PostConfirmation": "create_user"})
        self.api_id = self.stack.deploy_api(self.document, self.pool, self.app)

    def declared(self, name: str) -> Mapping[str, Any]:
        """A function that no manifest declares, with handler.py for its code."""
        health = self.document["functions"]["health"]
        return {**health, "name": name, "handler": "handler.handler", "database": "none"}

    def schemas(self) -> set[str]:
        """The schemas of the private MariaDB that its account can see."""
        with reading(self.cloud.record.database) as read:
            settings = database_settings(read)
        with closing(connect(settings)) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW DATABASES")
            return {name for (name,) in cursor.fetchall()}

    @property
    def as_client(self) -> Record:
        """What clients of the deployed stage have to know."""
        record = self.cloud.record
        return Record(
            **{
                **{name: getattr(record, name) for name in record.__slots__},
                "api_url": self.stack.url(self.api_id),
                "user_pool_id": self.pool,
                "client_id": self.app,
            }
        )


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path_factory.mktemp("deployed") / "project")
    try:
        deployment.deploy()
        yield deployment
    finally:
        deployment.cloud.stop()


def package(source: str) -> bytes:
    """A package whose handler.py is the source."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("handler.py", source)
    return content.getvalue()


def answering(text: str) -> bytes:
    """A package whose function answers with a text."""
    return package(f"def handler(event, context):\n    return {text!r}\n")


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


def test_cors_of_the_api(deployment: Deployment) -> None:
    """Its own, and a change counts at once."""
    url = f"{deployment.as_client.api_url}/health"
    origin = {"origin": "https://example.com"}
    assert (
        requests.get(url, headers=origin, timeout=10).headers["access-control-allow-origin"]
        == origin["origin"]
    )
    cors = {"AllowOrigins": ["https://other.example.com"]}
    deployment.stack.client("apigatewayv2").update_api(ApiId=deployment.api_id, CorsConfiguration=cors)
    assert "access-control-allow-origin" not in requests.get(url, headers=origin, timeout=10).headers


def test_routes_count_at_once(deployment: Deployment) -> None:
    """The function itself refuses a route that its manifest does not have: it was reached."""
    api = deployment.stack.client("apigatewayv2")
    routes = api.get_routes(ApiId=deployment.api_id)["Items"]
    health = next(route for route in routes if route["RouteKey"] == "GET /health")
    added = api.create_route(ApiId=deployment.api_id, RouteKey="GET /state", Target=health["Target"])
    assert call(deployment.as_client, "GET", "/state").json()["status"] == 403
    api.delete_route(ApiId=deployment.api_id, RouteId=added["RouteId"])
    assert call(deployment.as_client, "GET", "/state").json() == {"message": "Not Found"}


def test_a_function_that_takes_longer_than_its_integration(deployment: Deployment, tmp_path: Path) -> None:
    """Answers nobody in time, as it is configured now."""
    stack, file, api = deployment.stack, tmp_path / "slow.zip", deployment.stack.client("apigatewayv2")
    file.write_bytes(
        package("import time\ndef handler(event, context):\n    time.sleep(2)\n    return 'late'\n")
    )
    stack.deploy_function({**deployment.declared("slow"), "timeout_seconds": 10}, file)
    api_id = api.create_api(Name="slow", ProtocolType="HTTP")["ApiId"]
    trigger = {"payload_format_version": "2.0", "auth": "none", "route_key": "GET /", "scopes": []}
    stack.deploy_route(api_id, "", "slow", trigger)
    api.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
    url = stack.url(api_id)
    assert requests.get(url, timeout=20).text == "late"
    [integration] = api.get_integrations(ApiId=api_id)["Items"]
    api.update_integration(ApiId=api_id, IntegrationId=integration["IntegrationId"], TimeoutInMillis=500)
    assert requests.get(url, timeout=20).json() == {"message": "Service Unavailable"}
    api.delete_api(ApiId=api_id)
    until(lambda: _is_gone(url) or None)


def _is_gone(url: str) -> bool:
    """Whether nobody listens; until then, there is at least no route."""
    try:
        assert requests.get(url, timeout=20).status_code == 404
    except requests.ConnectionError:
        return True
    return False


def test_another_stage_is_under_its_name(deployment: Deployment) -> None:
    api = deployment.stack.client("apigatewayv2")
    api.create_stage(ApiId=deployment.api_id, StageName="beta", AutoDeploy=True)
    assert call(deployment.as_client, "GET", "/beta/health").status_code == 200
    assert call(deployment.as_client, "GET", "/health").status_code == 200
    api.delete_stage(ApiId=deployment.api_id, StageName="beta")
    assert call(deployment.as_client, "GET", "/beta/health").status_code == 404


def test_versions_run_their_own_code_and_settings(deployment: Deployment, tmp_path: Path) -> None:
    """An alias means another version from the next call on."""
    stack = deployment.stack
    file = tmp_path / "answer.zip"
    file.write_bytes(answering("one"))
    first = stack.deploy_function(deployment.declared("answer"), file)
    file.write_bytes(answering("two"))
    second = stack.update_function("answer", file)
    assert (first, second) == ("1", "2")
    assert stack.invoke("answer", {}) == "one"
    assert stack.invoke("answer", {}, second) == "two"
    assert stack.invoke("answer", {}, None) == "two"
    stack.move_alias("answer", second)
    assert stack.invoke("answer", {}) == "two"
    stack.client("lambda").delete_function(FunctionName=stack.name("answer"))
    with pytest.raises(stack.client("lambda").exceptions.ResourceNotFoundException):
        stack.invoke("answer", {})


def test_moving_an_alias_fails_no_request(deployment: Deployment, tmp_path: Path) -> None:
    """There and back, with requests all the while; none is answered by a version that it can't be."""
    stack, file = deployment.stack, tmp_path / "moving.zip"
    file.write_bytes(answering("old"))
    stack.deploy_function(deployment.declared("moving"), file)
    file.write_bytes(answering("new"))
    stack.update_function("moving", file)
    results: list[object] = []
    stop = threading.Event()

    def ask() -> None:
        own = Stack(stack.record, stack.dist)
        while not stop.is_set():
            results.append(own.invoke("moving", {}))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for version in ("2", "1") * 5:
        stack.move_alias("moving", version)
        expected = {"1": "old", "2": "new"}[version]
        assert stack.invoke("moving", {}) == expected
    stop.set()
    for thread in threads:
        thread.join()
    assert set(results) == {"old", "new"}


def test_package_for_another_processor(deployment: Deployment, tmp_path: Path) -> None:
    """A clear error at the first call, and in the log; not an ImportError of some module."""
    document = build_application(tmp_path / "project", OTHER)
    stack = Stack(deployment.stack.record, tmp_path / "project" / "dist", stage="other")
    stack.deploy_function(document["functions"]["update_me"])
    answer = stack.client("lambda").invoke(FunctionName=stack.name("update_me"), LogType="Tail")
    payload = answer["Payload"].read().decode()
    assert f"the package was built for {OTHER}" in payload
    assert "invoke build --architecture" in payload
    log = stack.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{stack.name('update_me')}")
    assert f"the package was built for {OTHER}" in str(log["events"])


def test_a_name_that_runs_from_source_is_refused(deployment: Deployment) -> None:
    client = deployment.stack.client("lambda")
    with pytest.raises(client.exceptions.ClientError, match="function health runs from the checkout"):
        client.create_function(
            FunctionName="health",
            Runtime="python3.13",
            Role=deployment.stack.role,
            Handler="handler.handler",
            Code={"ZipFile": answering("mine")},
        )
    assert call(deployment.cloud.record, "GET", "/health").status_code == 200


def test_weights_of_an_alias_are_refused(deployment: Deployment, tmp_path: Path) -> None:
    """By name; without them, it means a version as before."""
    stack, file = deployment.stack, tmp_path / "weighted.zip"
    file.write_bytes(answering("one"))
    stack.deploy_function(deployment.declared("weighted"), file)
    file.write_bytes(answering("two"))
    stack.update_function("weighted", file)
    client = stack.client("lambda")
    weights: dict[str, Any] = {"AdditionalVersionWeights": {"2": 0.5}}
    alias = {"FunctionName": stack.name("weighted"), "Name": "live", "FunctionVersion": "1"}
    with pytest.raises(
        client.exceptions.ClientError, match="alias live of function app-dev-weighted has a Rou"
    ):
        client.update_alias(**alias, RoutingConfig=weights)
    client.update_alias(**{**alias, "FunctionVersion": "2"}, RoutingConfig={"AdditionalVersionWeights": {}})
    assert stack.invoke("weighted", {}) == "two"


def test_throttled_and_configured_as_deployed(deployment: Deployment, tmp_path: Path) -> None:
    """Reserved concurrency, timeout and environment count when they are set."""
    stack, file = deployment.stack, tmp_path / "settings.zip"
    file.write_bytes(
        package("import os\ndef handler(event, context):\n    return os.environ.get('COLOUR')\n")
    )
    stack.deploy_function(deployment.declared("settings"), file)
    client, name = stack.client("lambda"), stack.name("settings")
    client.update_function_configuration(FunctionName=name, Environment={"Variables": {"COLOUR": "red"}})
    assert (stack.invoke("settings", {}), stack.invoke("settings", {}, None)) == (None, "red")
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with pytest.raises(client.exceptions.TooManyRequestsException):
        stack.invoke("settings", {})
    client.delete_function_concurrency(FunctionName=name)
    assert stack.invoke("settings", {}, None) == "red"


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


def test_an_access_log_in_the_stages_format(deployment: Deployment) -> None:
    stack = deployment.stack
    stack.client("logs").create_log_group(logGroupName="/app/api")
    stack.client("apigatewayv2").update_stage(
        ApiId=deployment.api_id,
        StageName="$default",
        AccessLogSettings={
            "DestinationArn": f"arn:aws:logs:{stack.record.region}:123456789012:log-group:/app/api",
            "Format": '{"route":"$context.routeKey","status":$context.status,"at":"$context.error.x"}',
        },
    )
    call(deployment.as_client, "GET", "/health")
    events = stack.client("logs").filter_log_events(logGroupName="/app/api")["events"]
    assert [event["message"] for event in events] == ['{"route":"GET /health","status":200,"at":"-"}']


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
    deployment.cloud.stop()
    deployment.stack = Stack(deployment.cloud.start(), stack.dist)
    after = deployment.as_client
    assert (after.api_url, after.deployed) == (before.api_url, before.deployed)
    assert (
        call(after, "GET", "/me", sign_in(after, "grace@example.com")).json()["email"] == "grace@example.com"
    )
    answers = [deployment.stack.invoke("kept", {}, qualifier) for qualifier in ("live", "2", None)]
    assert answers == ["one", "two", "two"]
    deployment.cloud.stop(signal.SIGKILL)
    deployment.stack = Stack(deployment.cloud.start(), stack.dist)
    assert deployment.as_client.api_url == before.api_url
    assert deployment.stack.invoke("kept", {}) == "one"
    assert call(deployment.as_client, "GET", "/health").json() == {"status": "ok", "database": "ok"}
