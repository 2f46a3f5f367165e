"""The token of IAM database authentication is the one that boto3 makes."""

import datetime as dt
from unittest import mock

import boto3
import botocore.auth
import pytest

from lib.database.iam import auth_token
from lib.settings import AwsCredentials, DatabaseSettings

NOW = dt.datetime(2026, 3, 1, 23, 59, 59, tzinfo=dt.UTC)


def token_of_boto3(settings: DatabaseSettings, credentials: AwsCredentials) -> str:
    client = boto3.client(
        "rds",
        region_name=settings.region,
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key,
        aws_session_token=credentials.session_token or None,
    )
    with mock.patch.object(botocore.auth, "get_current_datetime", return_value=NOW):
        token = client.generate_db_auth_token(settings.host, settings.port, settings.user)
    return str(token)


@pytest.mark.parametrize("session_token", ["", "IQoJb3JpZ2luX2VjE+/=="])
@pytest.mark.parametrize(
    ("host", "user"),
    [("app.abc123.eu-west-1.rds.amazonaws.com", "app"), ("Proxy.Example", "a user/with+odd=characters&ü")],
)
def test_is_the_same_to_the_byte(host: str, user: str, session_token: str) -> None:
    """It is signed here because boto3 and its client take longer than the rest of a cold start."""
    settings = DatabaseSettings(host, 3306, "app", "iam", user=user, region="eu-west-1")
    credentials = AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", session_token)
    assert auth_token(settings, credentials, NOW) == token_of_boto3(settings, credentials)
