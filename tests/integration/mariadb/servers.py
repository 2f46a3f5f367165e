"""What tests ask of a private MariaDB, and of its process."""

from contextlib import AbstractContextManager, closing

import pymysql
from pymysql.connections import Connection

from toolchain.local.mariadb import DatabaseServer
from toolchain.local.mariadb.instance import Instance
from toolchain.local.mariadb.process import is_alive
from toolchain.project import Project


def open_as(server: DatabaseServer, **others: object) -> AbstractContextManager[Connection]:
    """A connection as the application, or as `others` say."""
    arguments = {
        "host": server.host,
        "port": server.port,
        "user": server.user,
        "password": server.password,
        "database": server.database,
        "autocommit": True,
        "ssl_disabled": True,
        **others,
    }
    return closing(pymysql.connect(**arguments))  # type: ignore[call-overload]


def query(server: DatabaseServer, sql: str, **others: object) -> list[tuple[object, ...]]:
    with open_as(server, **others) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def is_alive_in(project: Project) -> bool:
    instance = Instance(project.local / "mariadb")
    return instance.directory.exists() and is_alive(instance)
