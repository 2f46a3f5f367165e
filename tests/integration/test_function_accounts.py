"""The accounts of functions on AWS, made on a real server; only IAM's plugin is not there."""

import getpass
import json
from collections.abc import Iterator
from contextlib import closing

import boto3
import pymysql
import pytest
from moto import mock_aws
from pymysql import err
from pymysql.connections import Connection

from functions.migrate_database.handler import provide_all
from lib.database import function_accounts
from lib.database.function_accounts import BEHIND_PROXY, RIGHTS, by_iam, by_secret, provide_accounts
from lib.settings import DatabaseSettings
from toolchain.local.mariadb import DatabaseServer

PREFIX = "shop-dev/database/"
SIGNATURE = "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19"  # of "password"
PROXYS = [f"{BEHIND_PROXY}{level}" for level in RIGHTS]


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
            for account in (*RIGHTS, *PROXYS):
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


@pytest.fixture
def alike(owner: Connection) -> Iterator[list[str]]:
    """Three databases; the first one's name, taken for a pattern, is that of the others, too."""
    names = ["my_app%", "my_app_2", "myXapp"]
    with owner.cursor() as cursor:
        for name in names:
            cursor.execute(f"CREATE DATABASE `{name}`")
        cursor.execute(f"USE `{names[0]}`")
        yield names
        for name in names:
            cursor.execute(f"DROP DATABASE `{name}`")


@pytest.mark.parametrize("has_old_rights", [False, True])
def test_rights_are_for_one_database_and_none_that_is_called_alike(
    owner: Connection,
    mariadb: DatabaseServer,
    alike: list[str],
    monkeypatch: pytest.MonkeyPatch,
    has_old_rights: bool,  # noqa: FBT001  a column
) -> None:
    """Accounts that were made before the name was escaped lose their rights on the others."""
    monkeypatch.setattr(function_accounts, "IAM", f"WITH mysql_native_password AS '{SIGNATURE}'")
    database, *others = alike
    with owner.cursor() as cursor:
        for level, rights in RIGHTS.items() if has_old_rights else ():
            cursor.execute(f"CREATE USER `{level}`@`%`")
            cursor.execute(f"GRANT {rights} ON `{database}`.* TO `{level}`@`%`")
    for _ in range(2):
        provide_accounts(owner, by_iam)
    for level, rights in RIGHTS.items():
        assert _grants(owner, level).count(" ON ") == 2, "USAGE on everything, and those"
        assert rf"GRANT {rights} ON `my\_app\%`.* TO `{level}`@`%`" in _grants(owner, level)
        _let_sign_in_without_tls(owner, level)
        assert _signs_in(mariadb, level, "password", database)
        for other in others:
            with pytest.raises(err.OperationalError, match=f"Access denied .* '{other}'"):
                _signs_in(mariadb, level, "password", other)


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
    for account in PROXYS:
        manager.create_secret(Name=f"{PREFIX}{account}")
    provide_accounts(owner, by_secret(owner, manager, PREFIX), BEHIND_PROXY)
    first = {name: manager.get_secret_value(SecretId=f"{PREFIX}{name}")["SecretString"] for name in PROXYS}
    provide_accounts(owner, by_secret(owner, manager, PREFIX), BEHIND_PROXY)
    again = {name: manager.get_secret_value(SecretId=f"{PREFIX}{name}")["SecretString"] for name in PROXYS}
    assert first == again
    assert len(set(first.values())) == 2
    assert json.loads(first["proxy_reader"])["username"] == "proxy_reader"

    manager.put_secret_value(
        SecretId=f"{PREFIX}proxy_reader", SecretString='{"username":"proxy_reader","password":"o\'q"}'
    )
    provide_accounts(owner, by_secret(owner, manager, PREFIX), BEHIND_PROXY)
    _let_sign_in_without_tls(owner, "proxy_reader")
    assert _signs_in(mariadb, "proxy_reader", "o'q")


@mock_aws
def test_a_proxy_takes_nothing_from_those_who_go_past_it(
    owner: Connection, mariadb: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Live versions connect as before while it is turned on, and its own accounts stay when it is turned off.

    Aliases move after the accounts are made, and back when a smoke test fails.
    """
    monkeypatch.setattr(function_accounts, "IAM", f"WITH mysql_native_password AS '{SIGNATURE}'")
    manager = boto3.client("secretsmanager", region_name="eu-west-1")
    for account in PROXYS:
        manager.create_secret(Name=f"{PREFIX}{account}")
    settings = DatabaseSettings(
        host=mariadb.host, port=mariadb.port, name=mariadb.database, auth="secret", region="eu-west-1"
    )
    for environ in ({}, {"DATABASE_ACCOUNT_SECRETS": PREFIX}, {}):
        provide_all(owner, settings, environ)
        _let_sign_in_without_tls(owner, "reader")
        assert _signs_in(mariadb, "reader", "password")
    secret = manager.get_secret_value(SecretId=f"{PREFIX}proxy_writer")["SecretString"]
    _let_sign_in_without_tls(owner, "proxy_writer")
    assert _signs_in(mariadb, "proxy_writer", json.loads(secret)["password"])
    assert f"GRANT SELECT, INSERT, UPDATE, DELETE ON `{mariadb.database}`.*" in _grants(owner, "proxy_writer")


def _let_sign_in_without_tls(owner: Connection, account: str) -> None:
    """The local server has no certificate."""
    with owner.cursor() as cursor:
        cursor.execute(f"ALTER USER `{account}`@`%` REQUIRE NONE")


def _signs_in(mariadb: DatabaseServer, account: str, password: str, database: str = "") -> bool:
    signed_in = pymysql.connect(
        host=mariadb.host,
        port=mariadb.port,
        user=account,
        password=password,
        database=database or mariadb.database,
    )
    with closing(signed_in), signed_in.cursor() as cursor:
        return bool(cursor.execute("SELECT 1"))


@mock_aws
def test_a_secret_that_cannot_be_read_stops_it(owner: Connection) -> None:
    """Whatever else Secrets Manager answers, no new password is made."""

    class Denying:
        def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803  AWS's name
            raise PermissionError(SecretId)

        def put_secret_value(self, *, SecretId: str, SecretString: str) -> dict[str, str]:  # noqa: N803
            raise AssertionError(SecretId, SecretString)

    with pytest.raises(PermissionError):
        provide_accounts(owner, by_secret(owner, Denying(), PREFIX), BEHIND_PROXY)
