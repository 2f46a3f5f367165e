"""A private MariaDB: no root, no system service, no container.

    with migrated_database(project) as server:
        run(function, environment=server.environment())

Its files are in `.local/mariadb`. Processes share the server: the first starts it, the last stops it.
"""

from toolchain.local.mariadb.instance import DatabaseServer
from toolchain.local.mariadb.program import Program, find_program
from toolchain.local.mariadb.servers import (
    database_server,
    migrate,
    migrated_database,
    provide_program,
    remove_database,
    revive_server,
    temporary_server,
)

__all__ = [
    "DatabaseServer",
    "Program",
    "database_server",
    "find_program",
    "migrate",
    "migrated_database",
    "provide_program",
    "remove_database",
    "revive_server",
    "temporary_server",
]
