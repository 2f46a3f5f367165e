"""The reference application, deployed to a local cloud as Terraform would: from its packages, with boto3."""

import json
import os
import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.integration.running_up import REPOSITORY, client, copy_application
from toolchain.local.up.record import Record
from toolchain.packaging.build import Request, build
from toolchain.packaging.progress import Silent
from toolchain.packaging.target import Architecture
from toolchain.project import Project, cache_directory

HOST: Architecture = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
OTHER: Architecture = "x86_64" if HOST == "arm64" else "arm64"
ALIAS = "live"


def build_application(root: Path, architecture: Architecture = HOST) -> Mapping[str, Any]:
    """Copy the application to `root` unless it is there, and build it; its dist/functions.json."""
    project = Project(root)
    if not root.exists():
        copy_application(root)
        shutil.copy(REPOSITORY / "pyproject.toml", root)
    build(project, cache_directory(os.environ), Request(architecture=architecture), Silent())
    document: Mapping[str, Any] = json.loads((project.dist / "functions.json").read_bytes())
    return document


@dataclass
class Stack:
    """A stage of the application; `deploy` makes all of it."""

    record: Record
    dist: Path
    stage: str = "dev"
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 has no types
        if service not in self._clients:
            self._clients[service] = client(self.record, service)
        return self._clients[service]

    def reach(self, record: Record) -> None:
        """From now on, at this cloud: another start of the same."""
        self.record = record
        self._clients.clear()

    @property
    def prefix(self) -> str:
        return f"app-{self.stage}"

    @cached_property
    def role(self) -> str:
        role = self.client("iam").create_role(RoleName=self.prefix, AssumeRolePolicyDocument="{}")
        return str(role["Role"]["Arn"])

    @cached_property
    def bucket(self) -> str:
        name = f"{self.prefix}-artifacts"
        location = {"LocationConstraint": self.record.region}
        self.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=location)
        return name

    @cached_property
    def database(self) -> Mapping[str, Any]:
        created = self.client("rds").create_db_instance(
            DBInstanceIdentifier=self.prefix,
            DBName="app",
            DBInstanceClass="db.t4g.micro",
            Engine="mariadb",
            EngineVersion="10.11.10",
            AllocatedStorage=20,
            MasterUsername="admin",
            ManageMasterUserPassword=True,
        )
        found: Mapping[str, Any] = created["DBInstance"]
        return found

    def name(self, function: str) -> str:
        return f"{self.prefix}-{function}"

    def alias(self, function: str) -> str:
        """The ARN of the alias that callers use."""
        return f"arn:aws:lambda:{self.record.region}:123456789012:function:{self.name(function)}:{ALIAS}"

    def deploy_function(self, declaration: Mapping[str, Any], zip_file: Path | None = None) -> str:
        """Upload and create a function, publish it, and point its alias there; the version."""
        name = declaration["name"]
        path = zip_file or self.dist / f"{name}.zip"
        key = f"functions/{name}/{path.stat().st_mtime_ns}.zip"
        self.client("s3").put_object(Bucket=self.bucket, Key=key, Body=path.read_bytes())
        created = self.client("lambda").create_function(
            FunctionName=self.name(name),
            Runtime="python3.13",
            Role=self.role,
            Handler=declaration["handler"],
            Description=declaration["description"],
            EphemeralStorage={"Size": declaration["ephemeral_storage_mb"]},
            MemorySize=declaration["memory_mb"],
            Timeout=declaration["timeout_seconds"],
            Architectures=[HOST],
            Environment={"Variables": self.variables(declaration)},
            Code={"S3Bucket": self.bucket, "S3Key": key},
            Tags={"function": name},
            Publish=True,
        )
        if declaration["reserved_concurrency"] is not None:
            self.client("lambda").put_function_concurrency(
                FunctionName=self.name(name),
                ReservedConcurrentExecutions=declaration["reserved_concurrency"],
            )
        version = str(created["Version"])
        self.client("lambda").create_alias(FunctionName=self.name(name), Name=ALIAS, FunctionVersion=version)
        return version

    def variables(self, declaration: Mapping[str, Any]) -> dict[str, str]:
        """What the stage declares: IAM authentication and TLS, which the local cloud has to replace."""
        variables = {**declaration["environment"], "POWERTOOLS_SERVICE_NAME": declaration["name"]}
        if declaration["database"] != "none":
            endpoint = self.database["Endpoint"]
            variables |= {
                "DATABASE_HOST": endpoint["Address"],
                "DATABASE_PORT": str(endpoint["Port"]),
                "DATABASE_NAME": "app",
                "DATABASE_AUTH": "iam",
                "DATABASE_USER": declaration["database"],
                "DATABASE_TLS_CA": "/var/task/rds.pem",
            }
        return variables

    def update_function(self, name: str, zip_file: Path) -> str:
        """Publish other code, without moving the alias; the version."""
        updated = self.client("lambda").update_function_code(
            FunctionName=self.name(name), ZipFile=zip_file.read_bytes(), Publish=True
        )
        return str(updated["Version"])

    def move_alias(self, name: str, version: str) -> None:
        self.client("lambda").update_alias(FunctionName=self.name(name), Name=ALIAS, FunctionVersion=version)

    def invoke(self, name: str, event: object, qualifier: str | None = ALIAS) -> Any:  # noqa: ANN401 - JSON
        """The result of a call that must not fail."""
        where = {"Qualifier": qualifier} if qualifier else {}
        answer = self.client("lambda").invoke(
            FunctionName=self.name(name), Payload=json.dumps(event).encode(), **where
        )
        payload = answer["Payload"].read()
        assert "FunctionError" not in answer, payload
        return json.loads(payload)

    def deploy_pool(self, triggers: Mapping[str, str]) -> tuple[str, str]:
        """A user pool that calls functions' aliases, with an app client; their ids."""
        cognito = self.client("cognito-idp")
        pool = cognito.create_user_pool(
            PoolName=self.prefix,
            UsernameAttributes=["email"],
            AutoVerifiedAttributes=["email"],
            LambdaConfig={trigger: self.alias(function) for trigger, function in triggers.items()},
        )["UserPool"]["Id"]
        app = cognito.create_user_pool_client(
            UserPoolId=pool,
            ClientName="web",
            ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            PreventUserExistenceErrors="ENABLED",
        )["UserPoolClient"]["ClientId"]
        return pool, app

    def deploy_api(self, document: Mapping[str, Any], pool: str, app: str, stage: str = "$default") -> str:
        """An HTTP API with all routes of the functions; its id."""
        api = self.client("apigatewayv2")
        api_id = api.create_api(
            Name=self.prefix, ProtocolType="HTTP", CorsConfiguration={"AllowOrigins": ["https://example.com"]}
        )["ApiId"]
        authorizer = api.create_authorizer(
            ApiId=api_id,
            Name="jwt",
            AuthorizerType="JWT",
            IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={
                "Issuer": f"https://cognito-idp.{self.record.region}.amazonaws.com/{pool}",
                "Audience": [app],
            },
        )["AuthorizerId"]
        for declaration in document["functions"].values():
            for trigger in declaration["triggers"]["http"]:
                self.deploy_route(api_id, authorizer, declaration["name"], trigger)
        api.create_stage(ApiId=api_id, StageName=stage, AutoDeploy=True)
        return str(api_id)

    def deploy_route(self, api_id: str, authorizer: str, function: str, trigger: Mapping[str, Any]) -> None:
        api = self.client("apigatewayv2")
        uri = (
            f"arn:aws:apigateway:{self.record.region}:lambda:path/2015-03-31/functions/{self.alias(function)}"
        )
        integration = api.create_integration(
            ApiId=api_id,
            IntegrationType="AWS_PROXY",
            IntegrationUri=f"{uri}/invocations",
            PayloadFormatVersion=trigger["payload_format_version"],
        )["IntegrationId"]
        protected = {
            "AuthorizationType": "JWT",
            "AuthorizerId": authorizer,
            "AuthorizationScopes": trigger["scopes"],
        }
        api.create_route(
            ApiId=api_id,
            RouteKey=trigger["route_key"],
            Target=f"integrations/{integration}",
            **(protected if trigger["auth"] == "jwt" else {}),
        )

    def url(self, api_id: str) -> str:
        """Where the API says that it is."""
        return str(self.client("apigatewayv2").get_api(ApiId=api_id)["ApiEndpoint"])
