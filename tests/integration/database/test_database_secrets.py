"""Accounts from Secrets Manager, as lib.database fetches and keeps them."""

import json
import socket
from contextlib import closing
from dataclasses import replace

import boto3
import pytest
from moto import mock_aws
from pymysql.connections import Connection

from lib.database import Database, DatabaseUnavailable
from lib.database.accounts import patience
from lib.deadline import deadline_of
from lib.settings import DatabaseSettings
from tests.unit.http_events import Deadline


class TestSecret:
    """DATABASE_AUTH=secret: the account is in Secrets Manager, and changes there from time to time."""

    @pytest.fixture
    def settings(self, empty_settings: DatabaseSettings, administrator: Connection) -> DatabaseSettings:
        administrator.query("CREATE OR REPLACE USER 'rotated'@'127.0.0.1' IDENTIFIED BY 'first'")
        administrator.query("GRANT ALL ON app.* TO 'rotated'@'127.0.0.1'")
        return replace(
            empty_settings, auth="secret", user="", password="", secret_arn="database", region="eu-west-1"
        )

    @mock_aws
    def test_is_fetched_again_when_the_password_was_rotated(
        self, settings: DatabaseSettings, administrator: Connection
    ) -> None:
        """1045, once; a connection that is open is not affected."""
        secrets = boto3.client("secretsmanager", region_name="eu-west-1")
        secrets.create_secret(Name="database", SecretString=account("first"))
        with closing(Database(settings)) as database:
            database.check()
            secrets.put_secret_value(SecretId="database", SecretString=account("second"))
            administrator.query("ALTER USER 'rotated'@'127.0.0.1' IDENTIFIED BY 'second'")
            database.check()
            database.close()
            database.check()

    @mock_aws
    def test_a_password_that_stays_wrong_is_tried_twice(
        self, settings: DatabaseSettings, administrator: Connection
    ) -> None:
        secrets = boto3.client("secretsmanager", region_name="eu-west-1")
        secrets.create_secret(Name="database", SecretString=account("wrong"))
        with administrator.cursor() as cursor:
            cursor.execute("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'")
            before = int(cursor.fetchall()[0][1])
            with pytest.raises(DatabaseUnavailable) as caught:
                Database(settings).check()
            cursor.execute("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'")
            after = int(cursor.fetchall()[0][1])
        assert str(caught.value) == (
            f"127.0.0.1:{settings.port}: Access denied for user 'rotated'@'127.0.0.1' (using password: YES)"
        )
        assert after - before == 2

    @mock_aws
    def test_a_secret_that_is_not_there(self, settings: DatabaseSettings) -> None:
        with pytest.raises(DatabaseUnavailable) as caught:
            Database(settings).check()
        assert str(caught.value) == (
            "database: An error occurred (ResourceNotFoundException) when calling the GetSecretValue"
            " operation: Secrets Manager can't find the specified secret."
        )

    @mock_aws
    @pytest.mark.parametrize("secret", ["hunter2", '"hunter2"', '{"password": "hunter2"}'])
    def test_a_secret_of_another_form(self, settings: DatabaseSettings, secret: str) -> None:
        """Nothing of it is in the message."""
        boto3.client("secretsmanager", region_name="eu-west-1").create_secret(
            Name="database", SecretString=secret
        )
        with pytest.raises(DatabaseUnavailable) as caught:
            Database(settings).check()
        assert str(caught.value) == "database is not a JSON object with username and password"

    def test_a_secret_that_does_not_come(
        self, settings: DatabaseSettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without a route to Secrets Manager there is still time to say so."""
        context = Deadline(timeout_seconds=4)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", f"http://127.0.0.1:{port}")
            with deadline_of(context), pytest.raises(DatabaseUnavailable, match=r"^database: Read timeout"):
                Database(settings).check()
        assert context.get_remaining_time_in_millis() > 0


@pytest.mark.parametrize(
    ("seconds", "expected"), [(11.0, (2.0, 3.0)), (3.5, (0.5, 0.75)), (0.05, (0.02, 0.03))]
)
def test_patience_fits_into_the_time_that_is_left(seconds: float, expected: tuple[float, float]) -> None:
    """Two attempts, and a second between them."""
    assert patience(seconds) == pytest.approx(expected)


def account(password: str) -> str:
    """A secret as RDS writes it."""
    return json.dumps({"username": "rotated", "password": password})
