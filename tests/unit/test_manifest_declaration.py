"""A function as Terraform and the local server read it."""

import json
from pathlib import Path
from typing import Any

import pytest

from lib.http.access import parse_route_groups
from toolchain.manifest import declaration, parse_function, read_functions
from toolchain.project import Project

PROJECT = Project(Path(__file__).parents[1] / "projects" / "manifests_good")


@pytest.fixture
def declared() -> dict[str, dict[str, Any]]:
    return {name: declaration(function) for name, function in read_functions(PROJECT).items()}


def test_what_is_not_declared_is_explicit(declared: dict[str, dict[str, Any]]) -> None:
    """No key is ever missing: Terraform would fill it in, silently."""
    assert declared["by_name"] == {
        "name": "by_name",
        "description": "Is called by its name",
        "handler": "functions.by_name.handler.handler",
        "architecture": "arm64",
        "memory_mb": 256,
        "timeout_seconds": 10,
        "ephemeral_storage_mb": 512,
        "reserved_concurrency": None,
        "maximum_retry_attempts": 2,
        "database": "none",
        "environment": {},
        "permissions": [],
        "include": [],
        "layers": [],
        "triggers": {
            "http": [],
            "cognito": [],
            "schedule": [],
            "sqs": [],
            "sns": [],
            "s3": [],
            "eventbridge": [],
            "dynamodb_stream": [],
        },
    }


def test_what_is_declared_is_there(declared: dict[str, dict[str, Any]]) -> None:
    """A reserved concurrency of 0 is a limit, not the lack of one."""
    function = declared["things"]
    del function["triggers"]
    assert function == {
        "name": "things",
        "description": "Lists and changes things",
        "handler": "functions.things.handler.handler",
        "architecture": "x86_64",
        "memory_mb": 512,
        "timeout_seconds": 30,
        "ephemeral_storage_mb": 1024,
        "reserved_concurrency": 0,
        "maximum_retry_attempts": 2,
        "database": "reader",
        "environment": {
            "GREETING": "on",
            "HTTP_ROUTE_GROUPS": (
                '{"$default":null,"ANY /files/{proxy+}":[],"GET /things":null,"GET /things/{id}":[],'
                '"PATCH /things/{id}":["editors","admins"]}'
            ),
            "TABLE": "things",
        },
        "permissions": [
            {
                "actions": ["ses:SendEmail"],
                "resources": ["*"],
                "reason": "SES has no resources for a sandbox",
                "conditions": [
                    {
                        "test": "StringEquals",
                        "variable": "ses:FromAddress",
                        "values": ["noreply@example.com"],
                    },
                    {
                        "test": "ForAnyValue:StringLike",
                        "variable": "aws:PrincipalOrgPaths",
                        "values": ["o-1/*", "o-2/*"],
                    },
                ],
            }
        ],
        "include": ["migrations/*.sql"],
        "layers": ["arn:aws:lambda:eu-west-1:123456789012:layer:tools:3"],
    }


def test_triggers_are_grouped_by_kind(declared: dict[str, dict[str, Any]]) -> None:
    """Within a kind all have the same keys; free-form mappings are JSON text."""
    assert declared["worker"]["triggers"] == {
        "http": [],
        "cognito": [],
        "schedule": [
            {"expression": "rate(1 day)", "timezone": "Europe/Berlin", "input": '{"task":"sweep"}'},
        ],
        "sqs": [
            {
                "queue": "orders",
                "batch_size": 10,
                "maximum_batching_window_seconds": 0,
                "report_batch_item_failures": True,
                "maximum_concurrency": None,
            },
            {
                "queue": "orders.fifo",
                "batch_size": 5,
                "maximum_batching_window_seconds": 0,
                "report_batch_item_failures": False,
                "maximum_concurrency": None,
            },
        ],
        "sns": [{"topic": "news", "filter_policy": '{"kind":["order"]}'}],
        "s3": [
            {"bucket": "uploads", "events": ["s3:ObjectCreated:Put"], "prefix": "", "suffix": ".csv"},
            {"bucket": "uploads", "events": ["s3:ObjectCreated:Put"], "prefix": "", "suffix": ".json"},
        ],
        "eventbridge": [{"bus": "default", "pattern": '{"source":["shop.orders"]}'}],
        "dynamodb_stream": [
            {
                "table": "things",
                "key": "id",
                "starting_position": "TRIM_HORIZON",
                "batch_size": 100,
                "maximum_batching_window_seconds": 0,
                "maximum_retry_attempts": 5,
                "report_batch_item_failures": True,
            },
        ],
    }
    assert declared["user_pool"]["triggers"]["cognito"] == [
        {"trigger": "PostConfirmation", "version": None},
        {"trigger": "PreTokenGeneration", "version": "V2_0"},
    ]


def test_routes_have_their_authorization(declared: dict[str, dict[str, Any]]) -> None:
    """A public route has neither scopes nor groups; a route with groups has the scope of signing in."""
    sign_in = ["aws.cognito.signin.user.admin"]
    assert declared["things"]["triggers"]["http"] == [
        route("GET /things", "none", [], []),
        route("GET /things/{id}", "jwt", sign_in, []),
        {
            **route("PATCH /things/{id}", "jwt", sign_in, ["editors", "admins"]),
            "payload_format_version": "1.0",
        },
        route("ANY /files/{proxy+}", "jwt", ["files/read", "files/write"], []),
        {**route("ANY $default", "none", [], []), "route_key": "$default"},
    ]


def route(key: str, auth: str, scopes: list[str], groups: list[str]) -> dict[str, Any]:
    method, path = key.split(" ")
    return {
        "route_key": key,
        "method": method,
        "path": path,
        "auth": auth,
        "scopes": scopes,
        "groups": groups,
        "payload_format_version": "2.0",
    }


def test_lib_http_reads_who_may_use_a_route(declared: dict[str, dict[str, Any]]) -> None:
    """The two meet in an environment variable only: anybody is None, whoever is signed in the empty set."""
    assert parse_route_groups(declared["things"]["environment"]) == {
        "GET /things": None,
        "GET /things/{id}": frozenset(),
        "PATCH /things/{id}": {"editors", "admins"},
        "ANY /files/{proxy+}": frozenset(),
        "$default": None,
    }


def test_it_is_json(declared: dict[str, dict[str, Any]]) -> None:
    """Nothing but what JSON has: no tuples, no models."""
    assert json.loads(json.dumps(declared)) == declared


@pytest.mark.parametrize(
    ("reserved", "limits"),
    [(None, [None, 9]), (0, [None, 9]), (1, [None, 9]), (3, [2, 9]), (20, [10, 9]), (5000, [1000, 9])],
)
def test_queues_have_their_limit_or_their_share_of_what_is_reserved(
    reserved: int | None, limits: list[int | None]
) -> None:
    """2 to 1000, as AWS has it: https://docs.aws.amazon.com/lambda/latest/api/API_ScalingConfig.html ."""
    triggers = [{"sqs": {"queue": "orders"}}, {"sqs": {"queue": "bills", "maximum_concurrency": 9}}]
    manifest = {"description": "works", "triggers": triggers}
    function = parse_function("work", json.dumps(manifest))
    declared = declaration(function.model_copy(update={"reserved_concurrency": reserved}))
    assert [trigger["maximum_concurrency"] for trigger in declared["triggers"]["sqs"]] == limits
