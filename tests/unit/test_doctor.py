"""What is needed of a machine, what is found there, and how that is shown."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from toolchain.doctor.examination import Finding, Need, Status, examine, examine_mariadb
from toolchain.doctor.machine import needs
from toolchain.doctor.report import lines, show
from toolchain.errors import MissingToolError
from toolchain.local.mariadb import Program
from toolchain.project import Project

TERRAFORM = Need("Terraform", ("terraform", "version"), "plan and deploy", "brew install it", (1, 11))
PYTHON = Need("Python", ("python", "--version"), "everything", "uv python install", (3, 13), is_series=True)
GIT = Need("git", ("git", "--version"), "version control", "git-scm.com")
SHELLCHECK = Need("ShellCheck", ("shellcheck", "--version"), "lint", "brew install it", is_optional=True)


class Machine:
    """Has some programs; answers those commands alone that print a version."""

    def __init__(self, outputs: Mapping[str, str]) -> None:
        self._outputs = outputs

    def read(self, command: Sequence[str]) -> str | None:
        return self._outputs.get(" ".join(command))


@pytest.mark.parametrize(
    ("need", "output", "status", "found"),
    [
        (TERRAFORM, "Terraform v1.11.0\non linux_amd64\n", Status.OK, "1.11.0"),
        (TERRAFORM, "Terraform v2.0.1", Status.OK, "2.0.1"),
        (TERRAFORM, "Terraform v1.9.8", Status.UNSUITABLE, "1.9.8"),
        (TERRAFORM, "no number", Status.MISSING, None),
        (TERRAFORM, None, Status.MISSING, None),
        (PYTHON, "Python 3.13.7", Status.OK, "3.13.7"),
        (PYTHON, "Python 3.14.0", Status.UNSUITABLE, "3.14.0"),
        (PYTHON, "Python 3.1.3", Status.UNSUITABLE, "3.1.3"),
        (GIT, "git version 2.39.5 (Apple Git-154)", Status.OK, "2.39.5"),
        (SHELLCHECK, "ShellCheck - analysis\nversion: 0.9.0\nlicense: GPL 3", Status.OK, "0.9.0"),
        (SHELLCHECK, None, Status.OPTIONAL, None),
    ],
)
def test_version_decides(need: Need, output: str | None, status: Status, found: str | None) -> None:
    """A minimum, the beginning of a version, or any version at all."""
    machine = Machine({} if output is None else {" ".join(need.command): output})
    assert examine(need, machine.read) == Finding(
        need.name, status, found, need.wanted, need.purpose, need.get
    )


@pytest.mark.parametrize(
    ("need", "wanted"), [(TERRAFORM, "1.11 or newer"), (PYTHON, "3.13"), (GIT, "any version")]
)
def test_wanted_version_in_words(need: Need, wanted: str) -> None:
    assert need.wanted == wanted


def test_mariadb_that_will_do() -> None:
    finding = examine_mariadb(
        lambda: Program(Path("/usr/sbin/mariadbd"), "10.11.8"), (10, 6), lambda: "run: apt"
    )
    assert finding == Finding(
        "MariaDB server", Status.OK, "10.11.8", "10.6 or newer", "database, integration tests", ""
    )


def test_mariadb_is_missing() -> None:
    """Why what was found will not do, and the command for this machine."""

    def find() -> Program:
        raise MissingToolError("mariadbd is not installed; /usr/sbin/mysqld is MySQL 8.4.3, not MariaDB")

    assert examine_mariadb(find, (10, 6), lambda: "run: brew install mariadb").get == (
        "mariadbd is not installed; /usr/sbin/mysqld is MySQL 8.4.3, not MariaDB; run: brew install mariadb"
    )


def test_programs_of_the_toolchain_are_asked_where_they_are(tmp_path: Path) -> None:
    """Those of .venv and not of PATH; Python's version is that of .python-version."""
    (tmp_path / ".python-version").write_text("3.13\n")
    commands = {need.name: need.command for need in needs(Project(tmp_path), Path("/venv/bin/python"))}
    assert commands == {
        "Python": ("/venv/bin/python", "--version"),
        "uv": ("/venv/bin/uv", "--version"),
        "git": ("git", "--version"),
        "Terraform": ("terraform", "version"),
        "ShellCheck": ("shellcheck", "--version"),
        "Node.js": ("node", "--version"),
        "npm": ("npm", "--version"),
        "Chromium": ("chromium", "--version"),
    }


FINDINGS = [
    examine(PYTHON, Machine({"python --version": "Python 3.13.7"}).read),
    examine(TERRAFORM, Machine({"terraform version": "Terraform v1.9.8"}).read),
    examine(GIT, Machine({}).read),
    examine(SHELLCHECK, Machine({}).read),
]
LINES = """\
ok          Python 3.13.7 (needed: 3.13; for everything)
unsuitable  Terraform 1.9.8 (needed: 1.11 or newer; for plan and deploy); get it: brew install it
missing     git (needed: any version; for version control); get it: git-scm.com
optional    ShellCheck (needed: any version; for lint); get it: brew install it
"""


class Terminal(io.StringIO):
    """rich asks the environment for its width."""

    def isatty(self) -> bool:
        return True


def _shown(output: io.StringIO, *, as_json: bool = False) -> str:
    with pytest.raises(MissingToolError) as error:
        show(FINDINGS, output, as_json=as_json)
    assert str(error.value) == "Terraform is unsuitable\ngit is missing"
    return output.getvalue()


def test_lines_where_there_is_no_terminal() -> None:
    assert _shown(io.StringIO()) == LINES


def test_lines_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "99")
    assert _shown(Terminal()) == LINES


def test_table_on_a_wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"COLUMNS": "100", "TERM": "xterm", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    table = _shown(Terminal())
    assert [line.split() for line in table.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()] == [
        ["Needed", "Version", "Found", "For", "How", "to", "get", "it"],
        ["Python", "3.13", "3.13.7", "everything"],
        ["Terraform", "1.11", "or", "newer", "1.9.8", "plan", "and", "deploy", "brew", "install", "it"],
        ["git", "any", "version", "missing", "version", "control", "git-scm.com"],
        ["ShellCheck", "any", "version", "optional", "lint", "brew", "install", "it"],
    ]


def test_json_for_programs() -> None:
    assert json.loads(_shown(io.StringIO(), as_json=True))[1] == {
        "name": "Terraform",
        "status": "unsuitable",
        "found": "1.9.8",
        "wanted": "1.11 or newer",
        "purpose": "plan and deploy",
        "get": "brew install it",
    }


def test_nothing_is_said_when_all_needs_are_met() -> None:
    """What is optional may be missing."""
    met = [FINDINGS[0], FINDINGS[3]]
    output = io.StringIO()
    show(met, output)
    assert output.getvalue() == "".join(f"{line}\n" for line in lines(met))
