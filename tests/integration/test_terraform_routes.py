"""Routes that move and that are made public, applied by the real provider to the AWS endpoint.

API Gateway refuses to delete what routes refer to, and so does the endpoint: a mock provider sees no order.
"""

import json
import shutil
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from tests.integration.aws.in_process import EMPTY_ZIP
from tests.integration.cognito.harness import LocalAws, serve
from tests.integration.terraform_copy import Terraform, copy_modules
from toolchain.project import Project

_ROOT = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_iam_role" "functions" {
  name               = "functions"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

variable "functions" { type = set(string) }
variable "routes" { type = map(object({ function = string, auth = string })) }

# A function that goes, goes in the same apply in which its routes move.
resource "aws_lambda_function" "this" {
  for_each = var.functions

  function_name = each.key
  role          = aws_iam_role.functions.arn
  handler       = "handler.handler"
  runtime       = "python3.13"
  filename      = "package.zip"
  publish       = true
}

resource "aws_lambda_alias" "live" {
  for_each = var.functions

  name             = "live"
  function_name    = aws_lambda_function.this[each.key].function_name
  function_version = aws_lambda_function.this[each.key].version
}

module "api" {
  source = "./modules/api"

  name               = "shop-dev"
  key_arn            = "arn:aws:kms:eu-west-1:123456789012:key/1"
  log_retention_days = 14
  issuer             = "https://issuer.example.com"
  audience           = "client"
  functions = { for name, alias in aws_lambda_alias.live : name => {
    function_name    = alias.function_name
    alias_invoke_arn = alias.invoke_arn
  } }
  routes = { for key, route in var.routes : key => merge(route, {
    method                 = split(" ", key)[0]
    path                   = split(" ", key)[1]
    scopes                 = ["profile"]
    payload_format_version = "2.0"
  }) }
  settings = {
    throttling_rate_limit        = 10
    throttling_burst_limit       = 20
    disable_execute_api_endpoint = false
  }
}
"""


class Api:
    """An API whose routes are applied, and how API Gateway has them."""

    def __init__(self, terraform: Terraform, account: dict[str, str]) -> None:
        self._terraform = terraform
        self._account = account

    def client(self, service: str) -> Any:  # noqa: ANN401  boto3 has no types
        return boto3.client(service, region_name="eu-west-1", endpoint_url=self._account["AWS_ENDPOINT_URL"])

    def apply(self, routes: dict[str, dict[str, str]]) -> None:
        values = {"functions": sorted({route["function"] for route in routes.values()}), "routes": routes}
        (self._terraform.directory / "values.tfvars.json").write_text(json.dumps(values), encoding="utf-8")
        arguments = ("-auto-approve", "-no-color", "-input=false", "-var-file=values.tfvars.json")
        applied = self._terraform.run("apply", *arguments, more=self._account)
        assert applied.returncode == 0, applied.stdout + applied.stderr

    def routes(self) -> dict[str, tuple[str, str]]:
        """What each route calls, and how it authorizes."""
        gateway = self.client("apigatewayv2")
        api = {"ApiId": gateway.get_apis()["Items"][0]["ApiId"]}
        functions = {
            f"integrations/{one['IntegrationId']}": one["IntegrationUri"].split(":")[11]
            for one in gateway.get_integrations(**api)["Items"]
        }
        return {
            one["RouteKey"]: (functions[one["Target"]], one["AuthorizationType"])
            for one in gateway.get_routes(**api)["Items"]
        }


@pytest.fixture
def api(checkout: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Skips without Terraform, and without a provider to be had."""
    place = tmp_path_factory.mktemp("terraform")
    terraform = copy_modules(checkout, place, without_backend=True)
    for path in terraform.directory.glob("*.tf"):
        path.unlink()
    (terraform.directory / "main.tf").write_text(_ROOT, encoding="utf-8")
    (terraform.directory / "package.zip").write_bytes(EMPTY_ZIP)
    initialized = terraform.run("init", "-input=false", "-no-color")
    assert initialized.returncode == 0, initialized.stderr
    with serve() as server:
        aws = LocalAws(server, tmp_path_factory.mktemp("cognito"))
        account = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        yield Api(terraform, account)
        aws.stop()
    shutil.rmtree(place, ignore_errors=True)


def test_routes_move_and_are_made_public_in_one_apply(api: Api) -> None:
    """The function that a route was at goes at the same time, and so does the last route with a sign-in."""
    api.apply(
        {
            "GET /me": {"function": "profile", "auth": "jwt"},
            "GET /old": {"function": "profile", "auth": "none"},
        }
    )
    assert api.routes() == {"GET /me": ("profile", "JWT"), "GET /old": ("profile", "NONE")}
    api.apply(
        {
            "GET /me": {"function": "account", "auth": "none"},
            "GET /new": {"function": "account", "auth": "none"},
        }
    )
    assert api.routes() == {"GET /me": ("account", "NONE"), "GET /new": ("account", "NONE")}
    api.apply({"GET /me": {"function": "account", "auth": "jwt"}})
    assert api.routes() == {"GET /me": ("account", "JWT")}
