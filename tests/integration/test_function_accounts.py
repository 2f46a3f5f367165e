"""The accounts of functions on AWS, made on a real server; only IAM's plugin is not there."""

import getpass
from collections.abc import Iterator
from contextlib import closing

import boto3  # type: ignore[import-untyped]
import pymysql
import pytest
from moto import mock_aws
from pymysql import err
from pymysql.connections import Connection

from lib.database import function_accounts
from lib.database.function_accounts import RIGHTS, by_iam, by_secret, provide_accounts
from toolchain.local.mariadb import DatabaseServer

PREFIX = "shop-dev/database/"


@pytest.fixture
def owner(mariadb: DatabaseServer, connection: Connection) -> Iterator[Connection]:
    """The system's user, who has all rights, in the project's database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@socket")
        ((socket,),) = cursor.fetchall()
    with closing(
        pymysql.connect(unix_socket=socket, user=getpass.getuser(), database=mariadb.database)
    ) as owner:
        yield owner
        with owner.cursor() as cursor:
            for account in RIGHTS:
                cursor.execute(f"DROP USER IF EXISTS `{account}`@`%`")


def _grants(owner: Connection, account: str) -> str:
    with owner.cursor() as cursor:
        cursor.execute(f"SHOW GRANTS FOR `{account}`@`%`")
        return " ".join(line for (line,) in cursor.fetchall())


def test_accounts_have_the_rights_of_their_names_and_no_more(
    owner: Connection, mariadb: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made twice they are the same. RDS alone has AWSAuthenticationPlugin: another takes its place."""
    monkeypatch.setattr(function_accounts, "IAM", "WITH mysql_native_password AS ''")
    for _ in range(2):
        provide_accounts(owner, by_iam)
    reader, writer = _grants(owner, "reader"), _grants(owner, "writer")
    assert f"GRANT SELECT ON `{mariadb.database}`.* TO `reader`@`%`" in reader
    assert f"GRANT SELECT, INSERT, UPDATE, DELETE ON `{mariadb.database}`.* TO `writer`@`%`" in writer
    assert "REQUIRE SSL" in reader
    assert "REQUIRE SSL" in writer


def test_iam_asks_for_the_plugin_of_rds(owner: Connection) -> None:
    """A server without it says so: the account is not made with another way to sign in."""
    with pytest.raises(err.OperationalError, match="AWSAuthenticationPlugin"):
        provide_accounts(owner, by_iam)


@mock_aws
def test_a_proxys_secrets_are_filled_once_and_are_the_passwords(
    owner: Connection, mariadb: DatabaseServer
) -> None:
    """An empty secret gets a password; one that has a password keeps it, and the account takes it on."""
    manager = boto3.client("secretsmanager", region_name="eu-west-1")
    for account in RIGHTS:
        manager.create_secret(Name=f"{PREFIX}{account}")
    provide_accounts(owner, by_secret(owner, manager, PREFIX))
    first = {name: manager.get_secret_value(SecretId=f"{PREFIX}{name}")["SecretString"] for name in RIGHTS}
    provide_accounts(owner, by_secret(owner, manager, PREFIX))
    again = {name: manager.get_secret_value(SecretId=f"{PREFIX}{name}")["SecretString"] for name in RIGHTS}
    assert first == again
    assert len(set(first.values())) == 2

    manager.put_secret_value(
        SecretId=f"{PREFIX}reader", SecretString='{"username":"reader","password":"o\'q"}'
    )
    provide_accounts(owner, by_secret(owner, manager, PREFIX))
    with owner.cursor() as cursor:
        cursor.execute("ALTER USER `reader`@`%` REQUIRE NONE")  # the local server has no certificate
    signed_in = pymysql.connect(
        host=mariadb.host, port=mariadb.port, user="reader", password="o'q", database=mariadb.database
    )
    with closing(signed_in), signed_in.cursor() as cursor:
        assert cursor.execute("SELECT 1") == 1


@mock_aws
def test_a_secret_that_cannot_be_read_stops_it(owner: Connection) -> None:
    """Whatever else Secrets Manager answers, no new password is made."""

    class Denying:
        def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803  AWS's name
            raise PermissionError(SecretId)

        def put_secret_value(self, *, SecretId: str, SecretString: str) -> dict[str, str]:  # noqa: N803
            raise AssertionError(SecretId, SecretString)

    with pytest.raises(PermissionError):
        provide_accounts(owner, by_secret(owner, Denying(), PREFIX))
