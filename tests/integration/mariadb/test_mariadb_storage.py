"""Where a private MariaDB keeps its files: no rights, no room, and servers for one run."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.mariadb.servers import query
from toolchain.local.mariadb import find_program, temporary_server
from toolchain.local.mariadb.instance import Instance
from toolchain.local.mariadb.process import is_alive
from toolchain.local.mariadb.storage import provide_template
from toolchain.project import Project

# Runs in a process of its own, which gives up rights or space.
START = """
import os, pwd, resource, sys
from pathlib import Path
from toolchain.errors import ToolchainError
from toolchain.local.mariadb import database_server
from toolchain.project import Project
if sys.argv[2] == "rights" and os.geteuid() == 0:  # root may write everywhere
    os.setuid(pwd.getpwnam("nobody").pw_uid)
if sys.argv[2] == "space":
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    with database_server(Project(Path(sys.argv[1]))):
        print("started")
except ToolchainError as error:
    print(error)
"""


def start_without(what: str, root: Path) -> str:
    """What a start prints that lacks rights or space."""
    command = [sys.executable, "-c", START, str(root), what]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class TestStorage:
    def test_a_checkout_that_is_read_only(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        root = tmp_path_factory.mktemp("read-only")
        for parent in (root.parent, root.parent.parent):
            parent.chmod(0o755)
        root.chmod(0o555)
        assert start_without("rights", root) == (
            f"{root}/.local/mariadb: Permission denied;"
            " the private MariaDB keeps its files there and needs about 40 MB\n"
        )

    def test_a_disk_that_is_full(self, project: Project, instance: Instance) -> None:
        """A limit on the size of files stands for it. No half-made data directory stays."""
        assert start_without("space", project.root) == (
            f"{instance.directory}: File too large;"
            " the private MariaDB keeps its files there and needs about 40 MB\n"
        )
        assert not list(instance.directory.glob("*data*"))
        assert not list(instance.directory.glob("unfinished-*"))

    def test_a_disk_that_is_full_before_there_is_a_template(self, tmp_path: Path) -> None:
        """The server itself says what went wrong."""
        head, *log = start_without("space", tmp_path).splitlines()
        templates = tmp_path / ".local" / "mariadb-templates"
        assert head.startswith(f"{find_program().path} could not make {templates}/unfinished-")
        assert any("InnoDB" in line for line in log)
        assert [path.name for path in templates.iterdir()] == ["guard.lock"]


class TestTemporary:
    def test_several_at_once(self, checkout: Project) -> None:
        with temporary_server(checkout) as one, temporary_server(checkout) as other:
            query(one, "CREATE TABLE notes (id INT)")
            assert query(other, "SHOW TABLES") == []
        assert not one.socket.parent.exists()
        assert not other.socket.parent.exists()

    def test_temporary_tables_of_other_servers_are_left_alone(
        self, checkout: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A server that starts removes every temporary table from its temporary directory."""
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        theirs = tmp_path / "#sql-temptable-1-1-0.MAI"
        theirs.touch()
        provide_template(tmp_path / "mariadb-templates", find_program())
        with temporary_server(checkout, directory=tmp_path):
            assert theirs.exists()

    def test_what_a_killed_run_left_behind_is_removed(self, checkout: Project, tmp_path: Path) -> None:
        """And nothing of a run that goes on."""
        hold = (
            "import os, signal, sys; from pathlib import Path; from toolchain.project import Project;"
            "from toolchain.local.mariadb import temporary_server;"
            "lease = temporary_server(Project(Path(sys.argv[1])), directory=Path(sys.argv[2]));"
            "print(lease.__enter__().socket, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
        )
        home = tmp_path / "home"
        home.mkdir()
        killed = subprocess.run(
            [sys.executable, "-c", hold, checkout.root, home], capture_output=True, text=True, check=False
        )
        left_behind = Instance(Path(killed.stdout.strip()).parent)
        assert is_alive(left_behind)
        with temporary_server(checkout, directory=home) as first:
            assert not left_behind.directory.exists()
            with temporary_server(checkout, directory=home):
                assert query(first, "SELECT 1") == [(1,)]
        assert [path.name for path in home.iterdir()] == ["guard.lock"]
