"""The environment of a function that runs on this machine: Lambda's, and not the user's shell.

A shell's variables would make a function work here and fail on AWS, or reach an account by accident. Only
what this machine needs is passed on: PATH, temporary directory, terminal, proxies, certificates.
An AWS account is used only when it is named: `--env AWS_PROFILE=dev`.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol
from uuid import UUID

from toolchain.errors import ToolchainError
from toolchain.manifest import Function, declaration

REGION = "eu-west-1"
"""Where the sample events come from."""

ACCOUNT_ID = "123456789012"

_OF_THIS_MACHINE = frozenset(
    {
        *("PATH", "TMPDIR", "TERM"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
    }
)

# A call to AWS is refused at once, instead of finding credentials or asking for an instance's.
_NO_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
_ACCOUNT_CHOICES = frozenset({"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SHARED_CREDENTIALS_FILE"})


@dataclass(frozen=True, slots=True)
class Variables:
    """What the environment is made from besides the function: the user's shell, the database's, `--env`."""

    shell: Mapping[str, str]
    database: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)


def function_environment(
    function: Function, variables: Variables, *, task_root: Path, log_stream: str
) -> dict[str, str]:
    """Later ones win: this machine's, Lambda's, the platform's, the manifest's, the database's, `--env`."""
    shell, overrides = variables.shell, variables.overrides
    return {
        **surroundings(shell, overrides),
        **lambda_variables(function, task_root=task_root, log_stream=log_stream),
        **_of_platform(function),
        **declaration(function)["environment"],
        **variables.database,
        **overrides,
    }


def surroundings(shell: Mapping[str, str], overrides: Mapping[str, str]) -> dict[str, str]:
    """What a function has from this machine, and the AWS account that it may use."""
    return {
        **{name: value for name, value in shell.items() if name in _OF_THIS_MACHINE},
        **_account(shell, overrides),
    }


class Runnable(Protocol):
    """A function, declared here or deployed."""

    @property
    def name(self) -> str: ...
    @property
    def handler(self) -> str: ...
    @property
    def memory_mb(self) -> int: ...


def lambda_variables(
    function: Runnable, *, task_root: Path, log_stream: str, version: str = "$LATEST", region: str = REGION
) -> dict[str, str]:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html ."""
    return {
        "_HANDLER": function.handler,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_REGION": region,
        "LAMBDA_TASK_ROOT": str(task_root),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }


def log_stream_name(day: date, instance: UUID, version: str = "$LATEST") -> str:
    """Lambda's name for the log of one instance of a function."""
    return f"{day:%Y/%m/%d}/[{version}]{instance.hex}"


def parse_overrides(assignments: Iterable[str]) -> dict[str, str]:
    """`["A=1", "B=x=y"]` -> `{"A": "1", "B": "x=y"}`; raises ToolchainError with those without a value."""
    overrides, problems = {}, []
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if equals and name:
            overrides[name] = value
        else:
            problems.append(f"--env {name!r}: write NAME=VALUE")
    if problems:
        raise ToolchainError(problems)
    return overrides


def _account(shell: Mapping[str, str], overrides: Mapping[str, str]) -> dict[str, str]:
    """None, or the one that `--env` names: its profile is in the home directory."""
    if _ACCOUNT_CHOICES.isdisjoint(overrides):
        return _NO_ACCOUNT
    return {name: shell[name] for name in ("HOME", "AWS_CONFIG_FILE") if name in shell}


def _of_platform(function: Function) -> dict[str, str]:
    """What Terraform gives every function; traces have nowhere to go here.

    Powertools reads LOG_LEVEL, too, unless there is a POWERTOOLS_LOG_LEVEL: one variable sets both.
    """
    return {
        "BUCKET_SUFFIX": "",
        "LOG_LEVEL": "INFO",
        "POWERTOOLS_SERVICE_NAME": function.name,
        "POWERTOOLS_TRACE_DISABLED": "true",
        "RESOURCE_PREFIX": "",  # queues, topics, tables and buckets have their plain names here
    }
