"""Which server program will do, and how one is installed."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from toolchain.errors import MissingToolError
from toolchain.local.mariadb.install import Machine, Plan, install, plan_installation
from toolchain.local.mariadb.instance import Endpoint, Instance, accounts_sql, server_arguments
from toolchain.local.mariadb.process import is_our_server, split_options
from toolchain.local.mariadb.program import Program, find_program, parse_version

HERE = Path("/usr/sbin/mariadbd")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "mariadbd  Ver 10.11.8-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)",
            Program(HERE, "10.11.8"),
        ),
        ("mysqld  Ver 11.4.2-MariaDB for osx10.19 on arm64 (Homebrew)", Program(HERE, "11.4.2")),
        (
            "mysqld  Ver 10.5.25-MariaDB for Linux on x86_64",
            "/usr/sbin/mariadbd is MariaDB 10.5.25, older than 10.6",
        ),
        (
            "mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server - GPL)",
            "/usr/sbin/mariadbd is MySQL 8.4.3, not MariaDB",
        ),
        (
            "mysqld  Ver 8.0.39-0ubuntu0.24.04.2 for Linux",
            "/usr/sbin/mariadbd is MySQL 8.0.39, not MariaDB",
        ),
        ("", "/usr/sbin/mariadbd doesn't say its version"),
    ],
)
def test_version(text: str, expected: Program | str) -> None:
    """Oracle's mysqld has another data directory, other options and other system tables."""
    assert parse_version(HERE, text) == expected


def make_program(path: Path, says: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


class TestFind:
    MARIADB = "mysqld  Ver 10.11.8-MariaDB for Linux"
    MYSQL = "mysqld  Ver 8.4.3 for Linux (MySQL Community Server - GPL)"

    def test_path_comes_first(self, tmp_path: Path) -> None:
        path = make_program(tmp_path / "path" / "mariadbd", self.MARIADB)
        make_program(tmp_path / "home" / "mariadbd", self.MARIADB)
        assert find_program(str(tmp_path / "path"), (tmp_path / "home",)) == Program(path, "10.11.8")

    def test_a_mysqld_that_is_mysql_is_passed_over(self, tmp_path: Path) -> None:
        """Both may be installed."""
        make_program(tmp_path / "path" / "mysqld", self.MYSQL)
        mariadb = make_program(tmp_path / "home" / "mysqld", self.MARIADB)
        assert find_program(str(tmp_path / "path"), (tmp_path / "home",)) == Program(mariadb, "10.11.8")

    def test_what_was_found_is_in_the_message(self, tmp_path: Path) -> None:
        """A link to the same program is not another one."""
        mysqld = make_program(tmp_path / "path" / "mysqld", self.MYSQL)
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "mysqld").symlink_to(mysqld)
        with pytest.raises(MissingToolError) as caught:
            find_program(str(tmp_path / "path"), (tmp_path / "home",))
        assert str(caught.value) == (
            f"MariaDB's server (mariadbd) is not installed; {mysqld} is MySQL 8.4.3, not MariaDB"
        )

    def test_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(MissingToolError) as caught:
            find_program(str(tmp_path), ())
        assert str(caught.value) == "MariaDB's server (mariadbd) is not installed"


APT = "env DEBIAN_FRONTEND=noninteractive apt-get"
APT_INSTALL = f"{APT} install -y --no-install-recommends mariadb-server-core"


@pytest.mark.parametrize(
    ("machine", "text", "is_unattended"),
    [
        (Machine(("apt-get",), is_root=True, sudo="absent"), f"run: {APT_INSTALL}", True),
        (
            Machine(("apt-get",), is_root=True, sudo="absent", package_lists_are_empty=True),
            f"run: {APT} update && {APT_INSTALL}",
            True,
        ),
        (
            Machine(("apt-get",), is_root=True, sudo="absent", codename="jammy"),
            f"run: {APT_INSTALL}-10.6",
            True,
        ),
        (
            Machine(("dnf",), is_root=False, sudo="asks nothing", package_lists_are_empty=True),
            "run: sudo -n dnf install -y mariadb-server",
            True,
        ),
        (Machine(("apk",), is_root=False, sudo="asks"), "run: sudo apk add mariadb", False),
        (Machine(("apk",), is_root=False, sudo="absent"), "run as root: apk add mariadb", False),
        (Machine(("brew",), is_root=False, sudo="asks"), "run: brew install mariadb@10.11", True),
    ],
)
def test_plan(machine: Machine, text: str, *, is_unattended: bool) -> None:
    """Without a question as root, with a sudo that asks for none, and with brew."""
    plan = plan_installation(machine)
    assert plan is not None
    assert (str(plan), plan.is_unattended) == (text, is_unattended)


class FakeRunner:
    """Notes the commands; the one that contains `failing` fails."""

    def __init__(self, failing: str | None = None) -> None:
        self.commands: list[str] = []
        self._failing = failing

    def __call__(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.commands.append(" ".join(command))
        fails = self._failing is not None and self._failing in command
        return subprocess.CompletedProcess(
            command, int(fails), "Reading lists...\nE: No network\n" if fails else ""
        )


class TestInstall:
    TWO_STEPS = Plan((("apt-get", "update"), ("apt-get", "install")), is_unattended=True)

    def test_runs_the_plan_and_says_so(self) -> None:
        run, said = FakeRunner(), list[str]()
        install(self.TWO_STEPS, "MariaDB is missing", run, said.append)
        assert run.commands == ["apt-get update", "apt-get install"]
        assert said == ["MariaDB is missing; installing it; run: apt-get update && apt-get install"]

    @pytest.mark.parametrize(
        ("plan", "message"),
        [
            (
                Plan((("sudo", "apk", "add", "mariadb"),), is_unattended=False),
                "MariaDB is missing; run: sudo apk add mariadb",
            ),
            (None, "MariaDB is missing; install it (10.11, as on RDS) and put mariadbd on PATH"),
        ],
    )
    def test_asks_nothing(self, plan: Plan | None, message: str) -> None:
        """It names the one command instead."""
        run = FakeRunner()
        with pytest.raises(MissingToolError) as caught:
            install(plan, "MariaDB is missing", run, run.commands.append)
        assert (str(caught.value), run.commands) == (message, [])

    def test_stops_at_what_fails(self) -> None:
        run = FakeRunner(failing="update")
        with pytest.raises(MissingToolError) as caught:
            install(self.TWO_STEPS, "MariaDB is missing", run, lambda _: None)
        assert run.commands == ["apt-get update"]
        assert str(caught.value) == (
            "MariaDB is missing; `apt-get update` failed:\n    Reading lists...\n    E: No network"
        )


def test_arguments() -> None:
    """--no-defaults has to be the first, or the system's configuration applies."""
    instance = Instance(Path("/home/me/a b/.local/mariadb"), options=("--max-connections=10",))
    arguments = server_arguments(instance, Endpoint(3307, Path("/run/s"), "password"))
    assert arguments[0] == "--no-defaults"
    assert arguments[-1] == "--max-connections=10"
    assert {"--bind-address=127.0.0.1", "--port=3307", "--socket=/run/s"} <= set(arguments)
    assert "--innodb-flush-log-at-trx-commit=2" in arguments
    assert not any("password" in argument for argument in arguments)


def test_accounts() -> None:
    """On loopback and on the socket, with rights on one schema and on deployed ones."""
    created, *accounts = accounts_sql("secret").splitlines()
    assert created == "CREATE DATABASE IF NOT EXISTS `app` CHARACTER SET utf8mb4;"
    assert accounts[3] == (
        "CREATE OR REPLACE USER 'app_reader'@'localhost' IDENTIFIED BY 'secret',"
        " 'app_reader'@'127.0.0.1' IDENTIFIED BY 'secret';"
    )
    assert accounts[4:6] == [
        "GRANT SELECT ON `app`.* TO 'app_reader'@'localhost', 'app_reader'@'127.0.0.1';",
        "GRANT SELECT ON `rds\\_%`.* TO 'app_reader'@'localhost', 'app_reader'@'127.0.0.1';",
    ]
    assert [line.split(" TO ")[0] for line in accounts if line.startswith("GRANT")] == [
        "GRANT ALL PRIVILEGES ON `app`.*",
        "GRANT ALL PRIVILEGES ON `rds\\_%`.*",
        "GRANT SELECT ON `app`.*",
        "GRANT SELECT ON `rds\\_%`.*",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON `app`.*",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON `rds\\_%`.*",
        "GRANT ALL PRIVILEGES ON `app`.*",
        "GRANT ALL PRIVILEGES ON `rds\\_%`.*",
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["/usr/sbin/mariadbd", "--no-defaults", "--datadir=/p/.local/mariadb/data"], True),
        (["mysqld", "--datadir=/p/x/../.local/mariadb/data"], True),
        (["/usr/sbin/mariadbd", "--datadir=/p/.local/mariadb/data2"], False),
        (["/usr/sbin/mariadbd", "--datadir=/var/lib/mysql"], False),
        (["vim", "--datadir=/p/.local/mariadb/data"], False),
        ([], False),
    ],
)
def test_no_other_process_is_taken_for_the_server(arguments: list[str], *, expected: bool) -> None:
    """A pid file may be old, and its number another process's by now."""
    assert is_our_server(arguments, Path("/p/.local/mariadb/data")) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/a b/mariadbd --datadir=/c d --port=1", ["/a b/mariadbd", "--datadir=/c d", "--port=1"]),
        ("vim notes", ["vim notes"]),
        ("", []),
    ],
)
def test_arguments_are_told_apart_in_the_output_of_ps(line: str, expected: list[str]) -> None:
    assert split_options(line) == expected
