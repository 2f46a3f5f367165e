"""The list of what is needed."""

import sys
from pathlib import Path

from toolchain.doctor.examination import Finding, Need, ReadOutput, examine, examine_mariadb
from toolchain.local.mariadb import find_program
from toolchain.local.mariadb.install import plan_installation, read_machine, run_quietly
from toolchain.local.mariadb.program import OLDEST
from toolchain.project import Project

_AGAIN = "remove .venv and run ./inv"


def needs(project: Project, executable: Path) -> tuple[Need, ...]:
    """All but MariaDB; `executable` is the Python that runs the toolchain."""
    python = (project.root / ".python-version").read_text(encoding="utf-8").strip()
    return (
        Need(
            "Python",
            (str(executable), "--version"),
            "everything",
            f"uv python install {python} (or pyenv install {python}), then {_AGAIN}",
            tuple(map(int, python.split("."))),
            is_series=True,
        ),
        Need("uv", (str(executable.with_name("uv")), "--version"), "packages of functions", _AGAIN),
        Need("git", ("git", "--version"), "version control", "git-scm.com, or the system's package manager"),
        Need(
            "Terraform",
            ("terraform", "version"),
            "plan and deploy",
            "brew install hashicorp/tap/terraform, or developer.hashicorp.com/terraform/install",
            (1, 11),
        ),
        Need(
            "ShellCheck",
            ("shellcheck", "--version"),
            "lint of shell scripts",
            "shellcheck (ShellCheck on Fedora) of the system's package manager",
            is_optional=True,
        ),
        Need(
            "Node.js",
            ("node", "--version"),
            "examples/react, tests of JavaScript clients",
            "nodejs.org, or the system's package manager",
            is_optional=True,
        ),
        Need(
            "npm", ("npm", "--version"), "as Node.js", "comes with Node.js, or npm of apt", is_optional=True
        ),
        Need(
            "Chromium",
            ("chromium", "--version"),
            "tests of pages in a browser",
            "chromium of the system's package manager; chromium-browser and google-chrome will do, too",
            is_optional=True,
        ),
    )


def examine_machine(project: Project, read: ReadOutput) -> list[Finding]:
    """Everything, in the order in which it is needed."""
    python, uv, *others = (examine(need, read) for need in needs(project, Path(sys.executable)))
    return [python, uv, examine_mariadb(find_program, OLDEST, _how_to_get_mariadb), *others]


def _how_to_get_mariadb() -> str:
    plan = plan_installation(read_machine(run_quietly))
    return str(plan) if plan else "install MariaDB 10.11, as on RDS, and put mariadbd on PATH"
