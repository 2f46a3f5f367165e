"""Two ways to run the same application: from its manifests, and deployed. Both show the same."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.integration.deployed.stack import build_application
from tests.integration.deployed.trigger_stack import TriggerStack
from tests.integration.running_up import Cloud
from toolchain.local.comparison import Seen, Stage, declared, read
from toolchain.local.http_api import Issuer

PROJECT = Path(__file__).parents[1] / "projects" / "deployed"
POOL_TRIGGERS = {"PostConfirmation": "greet"}


@dataclass(frozen=True)
class Deployment:
    """A running `up`, and a stage that was deployed to it."""

    stack: TriggerStack
    document: Mapping[str, Any]
    pool: str
    app: str
    api_id: str

    def declared(self) -> Seen:
        region = self.stack.record.region
        issuer = Issuer(f"https://cognito-idp.{region}.amazonaws.com/{self.pool}", frozenset({self.app}))
        return declared(self.document["functions"].values(), issuer)

    def deployed(self) -> Seen:
        return read(self.stack.client, Stage("app-dev-", self.pool, self.api_id))


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    root = tmp_path_factory.mktemp("equality") / "project"
    shutil.copytree(PROJECT, root)
    document = build_application(root)
    with Cloud(root) as cloud:
        stack = TriggerStack(cloud.start(), root / "dist")
        for declaration in document["functions"].values():
            stack.deploy_function(declaration)
        stack.deploy_triggers(document["functions"]["work"])
        pool, app = stack.deploy_pool(POOL_TRIGGERS)
        stack.client("cognito-idp").update_user_pool(UserPoolId=pool, LambdaConfig=_lambda_config(stack))
        yield Deployment(stack, document, pool, app, stack.deploy_api(document, pool, app))
        cloud.stop()


def _lambda_config(stack: TriggerStack) -> dict[str, Any]:
    arn = stack.alias("greet")
    versioned = {"LambdaArn": arn, "LambdaVersion": "V2_0"}
    return {"PostConfirmation": arn, "PreTokenGeneration": arn, "PreTokenGenerationConfig": versioned}


def test_what_is_deployed_equals_what_is_declared(deployment: Deployment) -> None:
    """Routes with their authorizers, triggers, and how functions run."""
    here, there = deployment.declared(), deployment.deployed()
    assert here.differences(there) == []
    assert here == there
    assert (len(here.routes), len(here.triggers), len(here.functions)) == (5, 11, 3)


def test_what_up_makes_from_source_equals_what_is_declared(deployment: Deployment) -> None:
    """Its triggers, read as those of a stage are; names have no prefix."""
    up = read(deployment.stack.client, Stage("", deployment.stack.record.user_pool_id))
    names = set(deployment.document["functions"])
    of_source = frozenset(trigger for trigger in up.triggers if trigger.function in names)
    assert replace(deployment.declared(), triggers=of_source).differences(deployment.declared()) == []


def test_differences_are_told(deployment: Deployment) -> None:
    """Each in words, whatever is changed by hand."""
    stack, declared_ = deployment.stack, deployment.declared()
    functions = stack.client("lambda")
    functions.update_function_configuration(FunctionName=stack.name("visit"), MemorySize=512)
    functions.put_function_concurrency(FunctionName=stack.name("visit"), ReservedConcurrentExecutions=2)
    mapping = functions.list_event_source_mappings(EventSourceArn=stack.arn("sqs", stack.name("orders")))
    functions.update_event_source_mapping(UUID=mapping["EventSourceMappings"][0]["UUID"], BatchSize=1)
    api = stack.client("apigatewayv2")
    route = next(r for r in api.get_routes(ApiId=deployment.api_id)["Items"] if r["RouteKey"] == "$default")
    api.delete_route(ApiId=deployment.api_id, RouteId=route["RouteId"])
    queue = json.loads(next(t.settings for t in declared_.triggers if '"queue": "orders"' in t.settings))
    changed = json.dumps({**queue, "batch_size": 1}, sort_keys=True)
    assert declared_.differences(deployment.deployed()) == [
        "$default: only here",
        f"work: sqs {json.dumps(queue, sort_keys=True)}: only here",
        f"work: sqs {changed}: only there",
        "visit: memory_mb is 256 here and 512 there",
        "visit: reserved_concurrency is 3 here and 2 there",
    ]
