"""Reads what is deployed through AWS's own interfaces, with boto3: at the local cloud, or on AWS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.local.comparison import reading_buses, reading_messages, reading_stored
from toolchain.local.comparison.names import Names
from toolchain.local.comparison.seen import Seen
from toolchain.local.comparison.settings import FunctionSettings, deployed_settings
from toolchain.local.comparison.triggers import Trigger
from toolchain.local.http_api import Routes
from toolchain.local.http_api.deployed import read_routes

type Connect = Callable[[str], Any]
"""Makes a boto3 client of a service."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What tells a stage from others: what its names begin with, `shop-dev-`, and the ids of pool and API.

    Without a prefix it is what `up` makes from source. Without an API there are no routes to read.
    """

    prefix: str
    user_pool_id: str
    api_id: str | None = None


def read(connect: Connect, stage: Stage) -> Seen:
    """What runs there. Raises ToolchainError for routes of a kind that this toolchain does not make."""
    names = Names(stage.prefix)
    routes = Routes()
    if stage.api_id:
        routes = read_routes(connect("apigatewayv2"), stage.api_id, names.own)
    triggers = [
        *_pool_triggers(connect("cognito-idp"), stage.user_pool_id, names),
        *reading_messages.read(connect, names),
        *reading_stored.read(connect, names),
        *reading_buses.read(connect, names),
    ]
    return Seen(routes, frozenset(triggers), _functions(connect("lambda"), names))


def _pool_triggers(cognito: Any, pool_id: str, names: Names) -> list[Trigger]:  # noqa: ANN401 - boto3's, here and below
    """PreTokenGeneration is there twice: by its older name, too."""
    configuration = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"].get("LambdaConfig", {})
    versioned = configuration.get("PreTokenGenerationConfig", {})
    triggers = []
    for name, value in configuration.items():
        if isinstance(value, str) and name not in {"PreTokenGeneration", "KMSKeyID"}:
            triggers.append(_pool_trigger(names, name, value, None))
        elif isinstance(value, dict) and name.endswith("Sender"):
            triggers.append(_pool_trigger(names, name, value["LambdaArn"], None))
    if versioned:
        version = versioned["LambdaVersion"]
        triggers.append(_pool_trigger(names, "PreTokenGeneration", versioned["LambdaArn"], version))
    return triggers


def _pool_trigger(names: Names, trigger: str, arn: str, version: str | None) -> Trigger:
    return Trigger.of(names.of_function(arn), "cognito", {"trigger": trigger, "version": version})


def _functions(client: Any, names: Names) -> Mapping[str, FunctionSettings]:  # noqa: ANN401
    found = {}
    for page in client.get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            full_name = function["FunctionName"]
            if names.are_ours(full_name):
                found[names.own(full_name)] = _settings(client, full_name, names)
    return found


def _settings(client: Any, full_name: str, names: Names) -> FunctionSettings:  # noqa: ANN401
    """Of asynchronous calls, whichever qualifier is called: there is one configuration at most."""
    configuration = client.get_function_configuration(FunctionName=full_name)
    concurrency = client.get_function_concurrency(FunctionName=full_name)
    events = client.list_function_event_invoke_configs(FunctionName=full_name)["FunctionEventInvokeConfigs"]
    return deployed_settings(
        configuration,
        concurrency.get("ReservedConcurrentExecutions"),
        events[0] if events else {},
        names,
    )
