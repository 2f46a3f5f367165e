"""The private MariaDB: shared, killed, left behind, moved, and in the way of others."""

import os
import pwd
import shutil
import socket
from pathlib import Path

import pymysql
import pytest

from tests.integration.mariadb.servers import is_alive_in, query
from toolchain.errors import DatabaseServerError
from toolchain.local.mariadb import (
    DatabaseServer,
    database_server,
    find_program,
    migrated_database,
    remove_database,
)
from toolchain.local.mariadb import lease as lease_module
from toolchain.local.mariadb.instance import Instance
from toolchain.local.mariadb.process import is_alive
from toolchain.project import Project

USER = pwd.getpwuid(os.geteuid()).pw_name


class TestAccounts:
    def test_the_application_reaches_its_schema_only(self, mariadb: DatabaseServer) -> None:
        assert query(mariadb, "SHOW DATABASES") == [("app",), ("information_schema",)]
        for statement in ("CREATE DATABASE other", "CREATE USER other", "SELECT * FROM mysql.global_priv"):
            with pytest.raises(pymysql.err.OperationalError, match="denied"):
                query(mariadb, statement)

    @pytest.mark.parametrize(
        ("level", "refused"),
        [
            ("reader", ["INSERT INTO later VALUES (1)", "DELETE FROM later", "DROP TABLE later"]),
            ("writer", ["DROP TABLE later", "ALTER TABLE later ADD n INT", "CREATE TABLE other (id INT)"]),
            ("owner", ["CREATE DATABASE other", "CREATE USER other"]),
        ],
    )
    def test_functions_have_the_rights_they_declare(
        self, mariadb: DatabaseServer, level: str, refused: list[str]
    ) -> None:
        """On tables, too, that are made after the accounts."""
        allowed = {
            "reader": ["SELECT * FROM later"],
            "writer": ["INSERT INTO later VALUES (2)", "UPDATE later SET id = 3", "DELETE FROM later"],
            "owner": ["ALTER TABLE later ADD n INT", "CREATE TABLE made (id INT)", "DROP TABLE made"],
        }
        user = mariadb.environment(level)["DATABASE_USER"]
        query(mariadb, "CREATE TABLE later (id INT)")
        try:
            for statement in allowed[level]:
                query(mariadb, statement, user=user)
            for statement in refused:
                with pytest.raises(pymysql.err.OperationalError, match="denied"):
                    query(mariadb, statement, user=user)
        finally:
            query(mariadb, "DROP TABLE later")

    @pytest.mark.parametrize("user", ["root", USER, "app", "app_reader", ""])
    def test_nobody_comes_in_without_the_password(self, mariadb: DatabaseServer, user: str) -> None:
        with pytest.raises(pymysql.err.OperationalError, match="Access denied"):
            query(mariadb, "SELECT 1", user=user, password="")

    def test_the_user_of_this_system_has_all_rights_over_the_socket(self, mariadb: DatabaseServer) -> None:
        """The kernel says who it is; for looking into things by hand."""
        account = query(
            mariadb, "SELECT CURRENT_USER()", unix_socket=str(mariadb.socket), user=USER, password=""
        )
        assert account == [(f"{USER}@localhost",)]

    def test_others_of_this_system_can_not_read_the_files(self, mariadb: DatabaseServer) -> None:
        assert mariadb.socket.parent.stat().st_mode & 0o077 == 0

    def test_the_environment_is_that_of_a_function(self, mariadb: DatabaseServer) -> None:
        assert mariadb.environment() == {
            "DATABASE_HOST": "127.0.0.1",
            "DATABASE_PORT": str(mariadb.port),
            "DATABASE_NAME": "app",
            "DATABASE_USER": "app",
            "DATABASE_AUTH": "password",
            "DATABASE_PASSWORD": mariadb.password,
        }
        assert mariadb.password not in repr(mariadb)


class TestUse:
    def test_rows_port_and_password_stay(self, project: Project) -> None:
        """A SQL client may have been told of them."""
        with database_server(project) as first:
            query(first, "CREATE TABLE notes (id INT)")
        with database_server(project) as second:
            assert query(second, "SHOW TABLES") == [("notes",)]
        assert (first.port, first.password) == (second.port, second.password)
        assert not is_alive_in(project)

    def test_migrations_are_applied(self, project: Project, checkout: Project) -> None:
        shutil.copytree(checkout.migrations, project.migrations)
        with migrated_database(project) as server:
            assert ("users",) in query(server, "SHOW TABLES")

    def test_a_project_without_migrations_has_an_empty_database(self, project: Project) -> None:
        with migrated_database(project) as server:
            assert query(server, "SHOW TABLES") == []

    def test_a_wrong_migration_is_the_users_to_mend(self, project: Project) -> None:
        project.migrations.mkdir()
        (project.migrations / "0001_wrong.sql").write_text("CREATE TABLE wrong (id NUMBER)")
        (project.migrations / "wrong.sql").write_text("")
        with pytest.raises(DatabaseServerError) as caught, migrated_database(project):
            pass
        assert str(caught.value) == (
            "migrations/wrong.sql: the name is not NNNN_name.sql (four digits, then a-z, 0-9 and _)"
        )
        assert not is_alive_in(project)

    def test_a_database_with_another_history_can_be_given_up(self, project: Project) -> None:
        """Its migrations are those of another branch; what is only here need not be repaired."""
        project.migrations.mkdir()
        for name in ("0001_notes", "0002_things"):
            (project.migrations / f"{name}.sql").write_text(f"CREATE TABLE {name[5:]} (id INT)")
        with migrated_database(project):
            pass
        (project.migrations / "0001_notes.sql").write_text("CREATE TABLE notes (id BIGINT)")
        (project.migrations / "0002_things.sql").unlink()
        with pytest.raises(DatabaseServerError) as caught, migrated_database(project):
            pass
        assert str(caught.value).splitlines() == [
            "0001_notes was edited after it had been applied; restore it, and add another",
            "0002_things has been applied, but has no file; is this checkout older than the database?",
            "on this machine, `invoke db-reset` empties the database: its rows are lost",
        ]

    @pytest.mark.parametrize("name", ["a 'quoted' \"directory\" 目录", "long" * 40])
    def test_a_checkout_may_be_anywhere(self, tmp_path: Path, name: str) -> None:
        """A socket's path has at most 107 bytes, a checkout's may have many more."""
        project = Project(tmp_path / name)
        with database_server(project) as server:
            assert query(server, "SELECT 1", unix_socket=str(server.socket)) == [(1,)]
        assert not server.socket.exists()
        assert server.socket.parent == project.local / "mariadb" or not server.socket.parent.exists()

    def test_all_rows_can_be_removed(self, project: Project) -> None:
        with database_server(project) as server:
            query(server, "CREATE TABLE notes (id INT)")
            with pytest.raises(DatabaseServerError) as caught:
                remove_database(project)
        directory = project.local / "mariadb"
        assert str(caught.value) == f"{directory} is in use; stop what uses it, then try again"
        remove_database(project)
        assert not directory.exists()


class TestRefusals:
    def test_a_port_that_is_in_use(self, project: Project) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(DatabaseServerError) as caught, database_server(project, port=port):
                pass
        assert str(caught.value) == (
            f"port {port} on 127.0.0.1 is in use; stop what listens there, or choose another"
        )

    def test_another_port_than_that_of_the_running_server(self, project: Project) -> None:
        with (
            database_server(project) as server,
            pytest.raises(DatabaseServerError) as caught,
            database_server(project, port=1),
        ):
            pass
        assert str(caught.value) == (
            f"MariaDB already runs on port {server.port}, not 1; stop what uses {project.local / 'mariadb'}"
        )

    def test_the_port_of_the_last_time_is_not_insisted_on(self, project: Project) -> None:
        with database_server(project) as first:
            pass
        with socket.create_server(("127.0.0.1", first.port)), database_server(project) as second:
            assert query(second, "SELECT 1") == [(1,)]
            assert second.port != first.port

    def test_a_port_that_is_taken_at_the_last_moment_is_given_up(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between the search for a free one and the server's start."""
        choose = lease_module._choose_port  # noqa: SLF001  nothing else can bring the moment about
        with socket.create_server(("127.0.0.1", 0)) as taken:
            ports = iter([taken.getsockname()[1]])
            monkeypatch.setattr(lease_module, "_choose_port", lambda *_: next(ports, choose(None, None)))
            with database_server(project) as server:
                assert query(server, "SELECT 1") == [(1,)]

    @pytest.mark.parametrize("version", ["10.6.18", "11.4.2"])
    def test_a_data_directory_of_another_version(
        self, project: Project, instance: Instance, version: str
    ) -> None:
        with database_server(project):
            pass
        (instance.data / "made_by_version").write_text(f"{version}\n")
        with pytest.raises(DatabaseServerError) as caught, database_server(project):
            pass
        program = find_program()
        assert str(caught.value) == (
            f"{instance.data} was made by MariaDB {version}, but {program.path} is {program.version};"
            f" install {'.'.join(version.split('.')[:2])}, or remove {instance.directory} (its rows are lost)"
        )

    def test_a_server_that_does_not_start(self, project: Project, instance: Instance) -> None:
        """The end of its log says why; nothing of it is left."""
        with database_server(project):
            pass
        (instance.data / "ibdata1").write_bytes(b"not a tablespace")
        with pytest.raises(DatabaseServerError) as caught, database_server(project):
            pass
        head, *log = str(caught.value).splitlines()
        assert head == f"MariaDB did not start; the end of {instance.log}:"
        assert log == [f"    {line}" for line in instance.log.read_text().splitlines()[-12:]]
        assert "Aborting" in log[-1]
        assert not is_alive(instance)
