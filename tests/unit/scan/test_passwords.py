"""Passwords of databases in state, code and environments."""

from typing import Any

import pytest

from tests.unit.scan.findings import findings_of
from tests.unit.scan.plans import refer, resource

PASSWORD = "own/database_password"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            resource("aws_db_instance.this", password="hunter2"),
            "password is kept in the state; use manage_master_user_password",
        ),
        (
            resource("aws_db_instance.this", password=...),
            "password is kept in the state; use manage_master_user_password",
        ),
        (
            resource("aws_rds_cluster.this", master_password="hunter2"),
            "master_password is kept in the state; use manage_master_user_password",
        ),
        (resource("aws_db_instance.this", manage_master_user_password=True, password=None), None),
        (
            resource("aws_db_instance.this", {"password_wo": {"constant_value": "hunter2"}}),
            "password_wo is written in the configuration; let AWS make it",
        ),
        (resource("aws_db_instance.this", {"password_wo": refer("ephemeral.random_password.this")}), None),
        (
            resource(
                "aws_secretsmanager_secret_version.this", {"secret_string": {"constant_value": "hunter2"}}
            ),
            "secret_string is written in the configuration; let AWS make it",
        ),
        (
            resource(
                "aws_lambda_function.this", environment=[{"variables": {"DATABASE_PASSWORD": "hunter2"}}]
            ),
            "environment variable DATABASE_PASSWORD holds a password; use IAM or a secret's ARN",
        ),
        (
            resource(
                "aws_lambda_function.this", environment=[{"variables": {"DATABASE_SECRET_ARN": "arn:"}}]
            ),
            None,
        ),
    ],
)
def test_passwords(given: dict[str, Any], message: str | None) -> None:
    """Never in code, state or a function's environment; and never in the message."""
    findings = findings_of(given)
    assert findings == ([f"{given['address']}: {message} [{PASSWORD}]"] if message else [])
    assert "hunter2" not in "".join(findings)
