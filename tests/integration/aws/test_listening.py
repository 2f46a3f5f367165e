"""Who listens is told of functions, APIs and databases, whoever makes them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError
from moto.apigatewayv2.models import ApiGatewayV2Backend

from tests.integration.aws.in_process import EMPTY_ZIP, PLACE, Aws
from toolchain.local.aws.listening import Database, listening, tell_all
from toolchain.local.deployed.listener import Forgiving
from toolchain.local.place import Place


@dataclass
class Told:
    """A listener that notes what it is told, and has one address for all APIs."""

    url: str | None = None
    refuses: str | None = None
    notes: list[tuple[str, ...]] = field(default_factory=list)

    def function_changed(self, place: Place, name: str) -> None:
        self._note("function changed", place, name)

    def function_deleted(self, place: Place, name: str) -> None:
        self._note("function deleted", place, name)

    def api_changed(self, place: Place, api_id: str) -> None:
        self._note("api changed", place, api_id)

    def api_deleted(self, place: Place, api_id: str) -> None:
        self._note("api deleted", place, api_id)

    def api_url(self, place: Place, api_id: str) -> str | None:
        assert place == PLACE
        return f"{self.url}/{api_id}" if self.url else None

    def database_created(self, database: Database) -> None:
        self._note("database created", database.place, database.kind, database.identifier, str(database.name))

    def database_deleted(self, database: Database) -> None:
        self._note("database deleted", database.place, database.kind, database.identifier, str(database.name))

    def take(self) -> list[tuple[str, ...]]:
        taken, self.notes = self.notes, []
        return taken

    def _note(self, what: str, place: Place, *names: str) -> None:
        assert place == PLACE
        if what == self.refuses:
            raise RuntimeError("no room")
        self.notes.append((what, *names))


def test_functions(aws: Aws) -> None:
    """Every call that changes what runs, by name or by ARN; calls that read tell nothing."""
    client, told = aws.client("lambda"), Told()
    with listening(told):
        arn = aws.function("users")["FunctionArn"]
        assert told.take() == [("function changed", "users")]
        version = client.publish_version(FunctionName=arn)["Version"]
        client.create_alias(FunctionName="users", Name="live", FunctionVersion=version)
        client.update_function_configuration(FunctionName="users", Timeout=9)
        client.update_function_code(FunctionName="users", ZipFile=EMPTY_ZIP)
        client.update_alias(FunctionName="users", Name="live", FunctionVersion=version)
        client.put_function_concurrency(FunctionName="users", ReservedConcurrentExecutions=2)
        client.delete_function_concurrency(FunctionName="users")
        client.put_function_event_invoke_config(FunctionName="users", MaximumRetryAttempts=1)
        client.delete_function_event_invoke_config(FunctionName="users")
        client.delete_alias(FunctionName="users", Name="live")
        client.delete_function(FunctionName="users", Qualifier=version)
        assert told.take() == [("function changed", "users")] * 11
        client.get_function(FunctionName="users")
        client.delete_function(FunctionName=arn)
        assert told.take() == [("function deleted", "users")]
    aws.function("later")
    assert told.take() == []


def test_apis(aws: Aws) -> None:
    client, told = aws.client("apigatewayv2"), Told("http://127.0.0.1:8001")
    with listening(told):
        created = client.create_api(Name="api", ProtocolType="HTTP")
        api = created["ApiId"]
        assert created["ApiEndpoint"] == f"http://127.0.0.1:8001/{api}"
        assert client.get_api(ApiId=api)["ApiEndpoint"] == f"http://127.0.0.1:8001/{api}"
        assert told.take() == [("api changed", api)]
        client.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        client.update_stage(ApiId=api, StageName="$default", StageVariables={"a": "1"})
        route = client.create_route(ApiId=api, RouteKey="GET /me")["RouteId"]
        client.delete_route(ApiId=api, RouteId=route)
        client.update_api(ApiId=api, CorsConfiguration={"AllowOrigins": ["http://localhost:5173"]})
        assert told.take() == [("api changed", api)] * 5
        client.delete_api(ApiId=api)
        assert told.take() == [("api deleted", api)]


def test_api_has_its_address_on_aws_without_another(aws: Aws) -> None:
    client, on_aws = aws.client("apigatewayv2"), "https://{}.execute-api.eu-west-1.amazonaws.com"
    with listening(Told()):
        api = client.create_api(Name="api", ProtocolType="HTTP")
        assert api["ApiEndpoint"] == on_aws.format(api["ApiId"])
    assert client.get_api(ApiId=api["ApiId"])["ApiEndpoint"] == on_aws.format(api["ApiId"])


def test_databases(aws: Aws) -> None:
    """Of a cluster, only the cluster: its instances have no schemas of their own."""
    client, told = aws.client("rds"), Told()
    login = {"MasterUsername": "root", "MasterUserPassword": "correct-horse"}
    size = {"DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20}
    with listening(told):
        client.create_db_instance(DBInstanceIdentifier="one", DBName="app", Engine="mysql", **login, **size)
        client.create_db_cluster(DBClusterIdentifier="many", Engine="aurora-mysql", **login)
        member = {"DBInstanceIdentifier": "member", "DBClusterIdentifier": "many"}
        client.create_db_instance(**member, Engine="aurora-mysql", DBInstanceClass="db.serverless")
        assert told.take() == [
            ("database created", "instance", "one", "app"),
            ("database created", "cluster", "many", "None"),
        ]
        client.delete_db_instance(DBInstanceIdentifier="member")
        client.delete_db_instance(DBInstanceIdentifier="one", SkipFinalSnapshot=True)
        client.delete_db_cluster(DBClusterIdentifier="many", SkipFinalSnapshot=True)
        assert told.take() == [
            ("database deleted", "instance", "one", "app"),
            ("database deleted", "cluster", "many", "None"),
        ]


def test_what_exists_is_told_again(aws: Aws) -> None:
    """After a restart, of what was saved."""
    aws.function("users")
    api = aws.client("apigatewayv2").create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    aws.client("rds").create_db_cluster(
        DBClusterIdentifier="many",
        Engine="aurora-mysql",
        MasterUsername="root",
        MasterUserPassword="correct-horse",
    )
    told = Told()
    tell_all(told)
    assert told.take() == [
        ("database created", "cluster", "many", "None"),
        ("function changed", "users"),
        ("api changed", api),
    ]


def test_what_fails_at_a_start_is_logged(aws: Aws, caplog: pytest.LogCaptureFixture) -> None:
    """And the others are told: what a client has left in the state does not keep `up` from starting."""
    aws.function("users")
    api = aws.client("apigatewayv2").create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    told = Told(refuses="function changed")
    tell_all(Forgiving(told, logging.getLogger("start")))
    assert told.take() == [("api changed", api)]
    assert [(record.levelname, str(record.exc_info and record.exc_info[1])) for record in caplog.records] == [
        ("ERROR", "no room")
    ]


def test_what_a_listener_raises_the_client_gets(aws: Aws) -> None:
    with listening(Told(refuses="function changed")), pytest.raises(ClientError) as error:
        aws.function("users")
    assert error.value.response["Error"]["Code"] == "LocalCloudError"
    assert "no room" in error.value.response["Error"]["Message"]


@dataclass
class Refusing:
    """A guard that refuses everything while it is told to, and notes what it was asked."""

    refuses: bool = False
    notes: list[tuple[object, ...]] = field(default_factory=list)

    def check_function(self, place: Place, name: str, tags: Mapping[str, str]) -> None:
        self._note(place, name, tags)

    def check_alias(self, place: Place, function: str, name: str, weights: Mapping[str, float]) -> None:
        self._note(place, function, name, weights)

    def check_api(self, name: str, protocol: str) -> None:
        self._note(PLACE, name, protocol)

    def check_routes(self, place: Place, api_id: str, changed: ApiGatewayV2Backend) -> None:
        routes = sorted(route.route_key for route in changed.get_routes(api_id))
        self._note(place, api_id, routes)

    def _note(self, place: Place, *what: object) -> None:
        assert place == PLACE
        self.notes.append(what)
        if self.refuses:
            raise RuntimeError("not here")


def test_what_a_guard_refuses_has_no_effect(aws: Aws) -> None:
    """Neither in moto, nor does the listener hear of it."""
    functions, apis = aws.client("lambda"), aws.client("apigatewayv2")
    told, guard = Told(), Refusing()
    with listening(told, guard):
        aws.function("users", Publish=True, Tags={"a": "1"})
        functions.create_alias(FunctionName="users", Name="live", FunctionVersion="1")
        api = apis.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
        integration = apis.create_integration(ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri="a")
        integration_id = integration["IntegrationId"]
        route = apis.create_route(ApiId=api, RouteKey="GET /me")["RouteId"]
        notes = [("users", {"a": "1"}), ("users", "live", {}), ("api", "HTTP"), (api, ["GET /me"])]
        assert guard.notes == notes
        before = state(aws, api)
        guard.refuses, guard.notes, _ = True, [], told.take()
        weights = {"AdditionalVersionWeights": {"1": 0.5}}
        for refused in (
            lambda: aws.function("more"),
            lambda: functions.create_alias(FunctionName="users", Name="next", FunctionVersion="1"),
            lambda: functions.update_alias(FunctionName="users", Name="live", RoutingConfig=weights),
            lambda: apis.create_api(Name="more", ProtocolType="WEBSOCKET"),
            lambda: apis.create_route(ApiId=api, RouteKey="GET /more"),
            lambda: apis.update_route(ApiId=api, RouteId=route, RouteKey="GET /other"),
            lambda: apis.update_integration(ApiId=api, IntegrationId=integration_id, IntegrationUri="b"),
        ):
            with pytest.raises(ClientError, match="not here"):
                refused()
    assert guard.notes[1:] == [
        ("users", "next", {}),
        ("users", "live", {"1": 0.5}),
        ("more", "WEBSOCKET"),
        (api, ["GET /me", "GET /more"]),
        (api, ["GET /other"]),
        (api, ["GET /me"]),
    ]
    assert (state(aws, api), told.take()) == (before, [])


def state(aws: Aws, api: str) -> list[object]:
    """What the guard was asked about."""
    functions, apis = aws.client("lambda"), aws.client("apigatewayv2")
    pages = [
        functions.list_functions()["Functions"],
        functions.list_aliases(FunctionName="users")["Aliases"],
        apis.get_apis()["Items"],
        apis.get_routes(ApiId=api)["Items"],
        apis.get_integrations(ApiId=api)["Items"],
    ]
    return list(pages)
