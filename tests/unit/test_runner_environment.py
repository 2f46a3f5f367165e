"""The environment of a local run: Lambda's, not the shell's."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from toolchain.errors import ToolchainError
from toolchain.local.run.environment import (
    Variables,
    function_environment,
    log_stream_name,
    parse_overrides,
)
from toolchain.manifest import parse_function

LAMBDA = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_FUNCTION_NAME": "list_users",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/list_users",
    "AWS_LAMBDA_LOG_STREAM_NAME": "2025/01/02/[$LATEST]5d",
    "AWS_REGION": "eu-west-1",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "HTTP_ROUTE_GROUPS": '{"GET /users":["admins"]}',
    "LAMBDA_TASK_ROOT": "/var/checkout",
    "LANG": "en_US.UTF-8",
    "BUCKET_SUFFIX": "",
    "LOG_LEVEL": "INFO",
    "PAGE_SIZE": "50",
    "POWERTOOLS_SERVICE_NAME": "list_users",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "RESOURCE_PREFIX": "",
    "TZ": ":UTC",
    "_HANDLER": "functions.list_users.handler.handler",
}
FUNCTION = parse_function(
    "list_users",
    """
    description: Lists the users
    memory_mb: 128
    environment: {PAGE_SIZE: "50"}
    triggers:
      - http: {method: GET, path: /users, auth: {jwt: {groups: [admins]}}}
    """,
)


def _environment(variables: Variables) -> dict[str, str]:
    return function_environment(
        FUNCTION, variables, task_root=Path("/var/checkout"), log_stream="2025/01/02/[$LATEST]5d"
    )


def test_function_finds_what_lambda_and_the_platform_set() -> None:
    """The derived groups of its routes included."""
    assert _environment(Variables(shell={})) == LAMBDA


def test_shell_passes_only_what_the_machine_needs() -> None:
    """A token of the user's, or a variable that nobody declared, is not there on Lambda either."""
    shell = {
        "PATH": "/bin",
        "TERM": "xterm",
        "HTTPS_PROXY": "http://proxy",
        "SSL_CERT_FILE": "/ca.pem",
        "HOME": "/home/ada",
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_REGION": "us-east-1",
        "PYTHONPATH": "/home/ada/lib",
        "DATABASE_HOST": "production.example.com",
        "GITHUB_TOKEN": "secret",
    }
    passed = {
        "PATH": "/bin",
        "TERM": "xterm",
        "HTTPS_PROXY": "http://proxy",
        "SSL_CERT_FILE": "/ca.pem",
    }
    assert _environment(Variables(shell)) == LAMBDA | passed


def test_database_comes_after_the_manifest_and_overrides_come_last() -> None:
    variables = Variables(
        shell={},
        database={"DATABASE_HOST": "127.0.0.1", "DATABASE_PORT": "3306"},
        overrides={"DATABASE_HOST": "localhost", "PAGE_SIZE": "2", "AWS_REGION": "us-east-1", "NEW": ""},
    )
    assert _environment(variables) == LAMBDA | {
        "AWS_REGION": "us-east-1",
        "DATABASE_HOST": "localhost",
        "DATABASE_PORT": "3306",
        "NEW": "",
        "PAGE_SIZE": "2",
    }


def test_account_is_used_only_when_it_is_named() -> None:
    """A profile is looked up in the home directory, and nothing stands in its way."""
    shell = {"HOME": "/home/ada", "AWS_CONFIG_FILE": "/home/ada/work.ini", "AWS_PROFILE": "production"}
    environment = _environment(Variables(shell, overrides={"AWS_PROFILE": "dev"}))
    placeholders = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SHARED_CREDENTIALS_FILE"}
    assert environment == {name: value for name, value in LAMBDA.items() if name not in placeholders} | {
        "AWS_CONFIG_FILE": "/home/ada/work.ini",
        "AWS_PROFILE": "dev",
        "HOME": "/home/ada",
    }


def test_overrides_are_assignments() -> None:
    assert parse_overrides(["A=1", "B=x=y", "C="]) == {"A": "1", "B": "x=y", "C": ""}


def test_all_assignments_that_will_not_do_are_named() -> None:
    with pytest.raises(ToolchainError) as error:
        parse_overrides(["DEBUG", "A=1", "=secret"])
    assert str(error.value) == "--env '': write NAME=VALUE\n--env 'DEBUG': write NAME=VALUE"


def test_names_are_as_on_lambda() -> None:
    instance = UUID("0123456789abcdef0123456789abcdef")
    assert log_stream_name(datetime(2025, 1, 2, tzinfo=UTC), instance) == (
        "2025/01/02/[$LATEST]0123456789abcdef0123456789abcdef"
    )
