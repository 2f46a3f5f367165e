"""The accounts that functions connect with on AWS, made by the database's owner.

    reader, writer               sign in with IAM
    proxy_reader, proxy_writer   behind RDS Proxy: functions sign in to the proxy with IAM, and the proxy
                                 signs in with passwords, which it finds in Secrets Manager

They are made before aliases move, and a failed release moves those back: what the versions of before connect
with stays as it is, whether there was a proxy then or is one now.
RDS user guide: "Creating a database account using IAM authentication", "Setting up database credentials for
RDS Proxy".
"""

import json
import re
import secrets
from collections.abc import Callable
from typing import Any, Protocol

from pymysql import err
from pymysql.connections import Connection
from pymysql.cursors import Cursor

from lib.database.accounts import parse_secret
from lib.database.failures import code_of

RIGHTS = {"reader": "SELECT", "writer": "SELECT, INSERT, UPDATE, DELETE"}
BEHIND_PROXY = "proxy_"
IAM = "WITH AWSAuthenticationPlugin AS 'RDS'"
_NO_SUCH_GRANT = 1141

type Identify = Callable[[str], str]
"""From an account's name to what comes after IDENTIFIED in SQL."""


class SecretsManager(Protocol):
    """What is used of boto3's client."""

    def get_secret_value(self, *, SecretId: str) -> dict[str, Any]: ...  # noqa: N803  AWS's name
    def put_secret_value(self, *, SecretId: str, SecretString: str) -> dict[str, Any]: ...  # noqa: N803


def provide_accounts(connection: Connection, identify: Identify, prefix: str = "") -> None:
    """Make the accounts, or give those that are there the same rights and way to sign in.

    `prefix` is that of their names: none, or BEHIND_PROXY.
    """
    for level, rights in RIGHTS.items():
        account = f"{prefix}{level}"
        identified = f"IDENTIFIED {identify(account)} REQUIRE SSL"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE USER IF NOT EXISTS `{account}`@`%` {identified}")
            cursor.execute(f"ALTER USER `{account}`@`%` {identified}")
            _grant(cursor, rights, f"`{account}`@`%`")


def _grant(cursor: Cursor, rights: str, account: str) -> None:
    """Give an account rights on the connection's database, and on no other.

    In the name of a database that rights are granted on, _ stands for any character and % for any text.
    Accounts of before, whose name for it was not escaped, lose the rights on what else that meant.
    https://mariadb.com/docs/server/reference/sql-statements/account-management-sql-statements/grant
    """
    cursor.execute("SELECT DATABASE()")
    (database,) = cursor.fetchone() or ("",)
    escaped = re.sub(r"[\\_%]", r"\\\g<0>", database)
    cursor.execute(f"GRANT {rights} ON `{escaped}`.* TO {account}")
    if escaped == database:
        return
    try:
        cursor.execute(f"REVOKE {rights} ON `{database}`.* FROM {account}")
    except err.MySQLError as error:
        if code_of(error) != _NO_SUCH_GRANT:
            raise


def by_iam(_account: str) -> str:
    """Sign in with a token that IAM's rds-db:connect allows."""
    return IAM


def by_secret(connection: Connection, manager: SecretsManager, prefix: str) -> Identify:
    """Sign in with the password in the secret `<prefix><account>`; an empty secret is given one."""

    def identify(account: str) -> str:
        password = _password(manager, f"{prefix}{account}", account)
        return f"BY {connection.escape(password)}"

    return identify


def _password(manager: SecretsManager, name: str, account: str) -> str:
    """Terraform makes the secret without a value, so that its state never has one."""
    try:
        return parse_secret(
            name, str(manager.get_secret_value(SecretId=name).get("SecretString", ""))
        ).password
    except Exception as error:
        if _code(error) != "ResourceNotFoundException":
            raise
    password = secrets.token_urlsafe(32)
    text = json.dumps({"username": account, "password": password})
    manager.put_secret_value(SecretId=name, SecretString=text)
    return password


def _code(error: Exception) -> str:
    """The code of botocore's ClientError, which is not imported for a type alone."""
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))
