"""Schemas in the private MariaDB: one for each database that was created through the AWS endpoint."""

import hashlib
import re
from collections.abc import Mapping
from contextlib import closing

import pymysql

from toolchain.errors import DatabaseServerError
from toolchain.local.aws.listening import Database
from toolchain.local.mariadb import DatabaseServer
from toolchain.local.mariadb.instance import DATABASE, DEPLOYED_PREFIX
from toolchain.local.place import Place

_LONGEST = 64
"""https://mariadb.com/kb/en/identifier-names/ ."""
_DIGEST_CHARACTERS = 8
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
_IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_WORD = re.compile(r"[a-z0-9]+")


def schema_name(database: Database, home: Place) -> str:
    """`rds_shop_dev_app` for the database `app` of the instance `shop-dev`: other stages have others.

    A cluster's name has its kind in it, as an instance may be called the same; and what is not at home, its
    account and region. What could be another's name ends with a digest: `rds_shop_dev_app__11fb99b1` for the
    database `dev_app` of the instance `shop`. It ends with one after a single `_` if it is too long.
    """
    kind = "cluster_" if database.kind == "cluster" else ""
    away = () if database.place == home else (database.place.account_id, database.place.region)
    parts = (*away, database.identifier, database.name or DATABASE)
    name = DEPLOYED_PREFIX + kind + re.sub(r"[^a-z0-9]+", "_", "_".join(parts).lower())
    ending = ""
    if not _is_plain(database):
        ending = f"__{_digest(repr((kind, parts)))}"
    elif len(name) > _LONGEST:
        ending = f"_{_digest(name)}"
    return name[: _LONGEST - len(ending)] + ending


def _is_plain(database: Database) -> bool:
    """Whether the parts can be told from the schema's name.

    Its last word is the database's name. Those before it are the identifier, which begins with a letter, as
    no account does, and only a cluster's has its kind before it.
    """
    if database.kind == "instance" and database.identifier.startswith("cluster-"):
        return False
    return bool(_IDENTIFIER.fullmatch(database.identifier) and _WORD.fullmatch(database.name or DATABASE))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_CHARACTERS]


class Schemas:
    """The schemas of one server. Any thread may call. `home` is the place that names leave out."""

    def __init__(self, server: DatabaseServer, home: Place) -> None:
        self._server = server
        self._home = home

    def provide(self, database: Database) -> None:
        """Make the schema, if there is none. Raises DatabaseServerError."""
        self._run(
            f"CREATE DATABASE IF NOT EXISTS `{schema_name(database, self._home)}` CHARACTER SET utf8mb4"
        )

    def remove(self, database: Database) -> None:
        """Drop the schema with all that is in it, as RDS does. Raises DatabaseServerError."""
        self._run(f"DROP DATABASE IF EXISTS `{schema_name(database, self._home)}`")

    def environment(self, database: Database, level: str) -> Mapping[str, str]:
        """The settings of a function that uses the database (lib.settings); here is no TLS."""
        return {
            **self._server.environment(level),
            "DATABASE_NAME": schema_name(database, self._home),
            "DATABASE_TLS": "off",
        }

    def _run(self, statement: str) -> None:
        server = self._server
        try:
            connection = pymysql.connect(
                host=server.host, port=server.port, user=server.user, password=server.password
            )
            with closing(connection), connection.cursor() as cursor:
                cursor.execute(statement)
        except pymysql.MySQLError as error:
            raise DatabaseServerError(f"the private MariaDB: {error.args[-1]}") from error
