"""Passwords of databases: AWS makes and keeps them, so that neither code nor state has them."""

from collections.abc import Iterator

from toolchain.scan.findings import Finding
from toolchain.scan.plan import Plan, Resource

_CHECK = "own/database_password"
_IN_STATE = {"aws_db_instance": "password", "aws_rds_cluster": "master_password"}
_WRITTEN = {
    "aws_db_instance": "password_wo",
    "aws_rds_cluster": "master_password_wo",
    "aws_secretsmanager_secret_version": "secret_string",
}


def database_passwords(plan: Plan) -> Iterator[Finding]:
    """Passwords that are in the state, in the configuration, or in a function's environment."""
    for resource in plan.of(*_IN_STATE):
        key = _IN_STATE[resource.type]
        if resource.values.get(key) or resource.unknown.get(key):
            message = f"{key} is kept in the state; use manage_master_user_password"
            yield Finding(_CHECK, resource.address, message)
    for resource in plan.of(*_WRITTEN):
        key = _WRITTEN[resource.type]
        if (resource.expressions.get(key) or {}).get("constant_value"):
            yield Finding(_CHECK, resource.address, f"{key} is written in the configuration; let AWS make it")
    for function in plan.of("aws_lambda_function"):
        for name in _variables(function):
            message = f"environment variable {name} holds a password; use IAM or a secret's ARN"
            yield Finding(_CHECK, function.address, message)


def _variables(function: Resource) -> Iterator[str]:
    for environment in function.values.get("environment") or ():
        yield from (
            name
            for name, value in (environment.get("variables") or {}).items()
            if name.upper().endswith("PASSWORD") and value != ""
        )
