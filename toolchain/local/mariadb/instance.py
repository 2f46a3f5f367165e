"""A private server as a value: where its files are, how it is reached, how it is started."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
USER = "app"
DATABASE = "app"
DEPLOYED_PREFIX = "rds_"
"""What the schemas of deployed databases begin with; the account may make them and drop them."""

# A small server that starts fast: 50 MB of memory, 17 MB of files. What matters to the application, it sets
# for its own sessions (lib.database).
_LEAN = (
    "--tmpdir=.",  # the data directory: from a shared one, a server that starts removes others' tables
    "--innodb-buffer-pool-size=16M",
    "--innodb-log-file-size=4M",
    "--innodb-log-buffer-size=2M",
    "--innodb-temp-data-file-path=ibtmp1:2M:autoextend",
    "--innodb-buffer-pool-dump-at-shutdown=OFF",
    "--innodb-buffer-pool-load-at-startup=OFF",
    "--innodb-use-native-aio=OFF",  # containers often forbid it
    "--aria-pagecache-buffer-size=1M",
    "--key-buffer-size=256K",
    "--performance-schema=OFF",
    "--skip-log-bin",
)
_SERVING = (
    f"--bind-address={HOST}",
    "--skip-name-resolve",
    "--character-set-server=utf8mb4",
    "--default-time-zone=+00:00",
    "--max-connections=200",
    "--log-warnings=1",  # 2 would note each look whether the server is ready as an aborted connection
)
# Commits reach the operating system at once, so that killing the server loses nothing; only a power cut may.
_DURABLE = ("--innodb-flush-log-at-trx-commit=2",)
_THROWAWAY = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=OFF",
    "--innodb-flush-method=nosync",
)


@dataclass(frozen=True, slots=True)
class Instance:
    """The files of a server; `options` are further ones of mariadbd."""

    directory: Path
    is_throwaway: bool = False
    options: tuple[str, ...] = ()

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def log(self) -> Path:
        """What the server wrote since it was last started."""
        return self.directory / "mariadb.log"

    @property
    def pid_file(self) -> Path:
        """Written by the server itself, when it is ready."""
        return self.directory / "mariadb.pid"

    @property
    def accounts(self) -> Path:
        """SQL that the server runs before it takes connections."""
        return self.directory / "accounts.sql"

    @property
    def endpoint(self) -> Path:
        """Port, socket and password of the last start."""
        return self.directory / "endpoint.json"

    @property
    def guard(self) -> Path:
        """Locked while the server is started or stopped."""
        return self.directory / "guard.lock"

    @property
    def users(self) -> Path:
        """Locked, shared, by each process that uses the server."""
        return self.directory / "users.lock"

    @property
    def alive(self) -> Path:
        """Locked by the server process itself, as long as it lives."""
        return self.directory / "alive.lock"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How a server is reached."""

    port: int
    socket: Path
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """A running server, as its users see it; `user` has rights on `database` and deployed ones only."""

    port: int
    socket: Path
    password: str = field(repr=False)
    host: str = HOST
    user: str = USER
    database: str = DATABASE

    def environment(self, level: str | None = None) -> Mapping[str, str]:
        """The settings of what uses this database (lib.settings): with all rights, or those of a level.

        A level is what a function declares as its `database`: reader, writer or owner.
        """
        return {
            "DATABASE_HOST": self.host,
            "DATABASE_PORT": str(self.port),
            "DATABASE_NAME": self.database,
            "DATABASE_USER": account_of(level) if level else self.user,
            "DATABASE_AUTH": "password",
            "DATABASE_PASSWORD": self.password,
        }


def bootstrap_arguments(data: Path) -> list[str]:
    """Options with which mariadbd reads SQL from stdin, makes the system tables, and ends."""
    return [
        "--no-defaults",
        "--bootstrap",
        f"--datadir={data}",
        *_as_root(),
        *_LEAN,
        *_THROWAWAY,
        "--log-warnings=0",
    ]


def server_arguments(instance: Instance, endpoint: Endpoint) -> list[str]:
    """Options with which mariadbd serves the instance. `--no-defaults` has to be the first."""
    return [
        "--no-defaults",
        f"--datadir={instance.data}",
        f"--socket={endpoint.socket}",
        f"--port={endpoint.port}",
        f"--pid-file={instance.pid_file}",
        f"--init-file={instance.accounts}",
        *_as_root(),
        *_LEAN,
        *_SERVING,
        *(_THROWAWAY if instance.is_throwaway else _DURABLE),
        *instance.options,
    ]


def account_of(level: str) -> str:
    """The account of functions that declare `database: <level>`."""
    return f"{USER}_{level}"


def accounts_sql(password: str) -> str:
    """The application's schema, and accounts with rights on it, on deployed ones and on nothing else.

    One has all rights; functions have those that they have on AWS, where the owner is the database's.
    """
    from lib.database.function_accounts import RIGHTS  # here, for those that start no server

    levels = {**RIGHTS, "owner": "ALL PRIVILEGES"}
    rights = {USER: "ALL PRIVILEGES", **{account_of(level): rights for level, rights in levels.items()}}
    return f"CREATE DATABASE IF NOT EXISTS `{DATABASE}` CHARACTER SET utf8mb4;\n" + "".join(
        _account_sql(account, password, granted) for account, granted in rights.items()
    )


def _account_sql(account: str, password: str, rights: str) -> str:
    """On databases, so that it counts for the tables of later migrations, too."""
    hosts = [f"'{account}'@'{host}'" for host in ("localhost", HOST)]
    identified = ", ".join(f"{host} IDENTIFIED BY '{password}'" for host in hosts)
    # In the name of a schema that rights are granted on, _ stands for any character.
    deployed = DEPLOYED_PREFIX.replace("_", r"\_")
    return (
        f"CREATE OR REPLACE USER {identified};\n"
        f"GRANT {rights} ON `{DATABASE}`.* TO {', '.join(hosts)};\n"
        f"GRANT {rights} ON `{deployed}%`.* TO {', '.join(hosts)};\n"
    )


def _as_root() -> list[str]:
    """mariadbd refuses to run as root unless told to."""
    return ["--user=root"] if os.geteuid() == 0 else []
