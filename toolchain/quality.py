"""The commands behind `invoke test`, `lint` and `format`."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from toolchain.errors import ToolchainError
from toolchain.project import Project
from toolchain.signals import handling, ignore

SUITES = {
    "functions": ("tests/unit/functions", "tests/integration/functions"),
    "unit": ("tests/unit",),
    "integration": ("tests/integration",),
    "e2e": ("tests/e2e",),
}
"""Their folders; the tests of functions are the team's own, and most others are of the platform."""
_MOST_TEST_PROCESSES = 4

type Run = Callable[[Sequence[str], Path], int]
"""Runs a command in a directory; returns its exit code."""


@dataclass(frozen=True, slots=True)
class Check:
    """A tool that finds faults; `command` exits with 0 if there are none."""

    name: str
    command: tuple[str, ...]


def pytest_command(suite: str | None, expression: str | None) -> list[str]:
    """pytest on one suite or all, on the tests that match an expression or all.

    Whole suites are shared among processes, file by file in their order: the slow ones come first. Those of
    functions take less than processes take to start.
    Raises ToolchainError for a suite that does not exist.
    """
    if suite and suite not in SUITES:
        raise ToolchainError(f"there is no suite {suite!r}; use {', '.join(SUITES)}")
    command = [sys.executable, "-m", "pytest"]
    if suite:
        command += SUITES[suite]
    if expression:
        command += ["-k", expression]
    elif suite != "functions":
        command += ["-n", str(_test_processes()), "--dist", "loadfile", "--no-loadscope-reorder"]
    return command


def provide_servers(suite: str | None) -> None:
    """Have MariaDB installed, if need be, before the first of many tests misses it; unit tests need none."""
    if suite == "unit":
        return
    from toolchain.local.mariadb import provide_program

    provide_program(lambda line: print(line, file=sys.stderr))  # noqa: T201 - what else happens


def checks(project: Project, shellcheck: str | None) -> list[Check]:
    """What `invoke lint` runs; `shellcheck` is that program's path, if it is there."""
    found = [
        Check("ruff check", (_tool("ruff"), "check", ".")),
        Check("ruff format", (_tool("ruff"), "format", "--check", ".")),
        Check("mypy", (_tool("mypy"),)),
    ]
    scripts = [script for script in ("inv", ".ci/run") if (project.root / script).is_file()]
    if shellcheck and scripts:
        found.append(Check("shellcheck", (shellcheck, *scripts)))
    return found


def lint(project: Project, run: Run) -> None:
    """Run all checks, whatever some of them find; raises ToolchainError with those that failed."""
    shellcheck = shutil.which("shellcheck")
    failed = [check.name for check in checks(project, shellcheck) if run(check.command, project.root) != 0]
    if failed:
        raise ToolchainError(f"lint failed: {', '.join(failed)}")


def format_sources(project: Project, run: Run) -> None:
    """Sort imports and format; raises ToolchainError if a file can't be parsed."""
    commands = [
        (_tool("ruff"), "check", "--select", "I", "--fix", "--quiet", "."),
        (_tool("ruff"), "format", "."),
    ]
    if any([run(command, project.root) != 0 for command in commands]):  # noqa: C419 - run both
        raise ToolchainError("format failed; the messages above say why")


def run_tool(command: Sequence[str], directory: Path) -> int:
    """Run a program that may be killed when its user loses patience: its exit code."""
    return subprocess.run(command, cwd=directory, check=False).returncode


def run_in_foreground(command: Sequence[str], directory: Path) -> int:
    """Run a program that ends in its own time: its exit code, or 128 and the signal that ended it.

    SIGTERM is passed on. SIGINT is not: a terminal sends it to the program as well, which cleans up then.
    """
    process: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _: FrameType | None) -> None:
        if process is None:
            raise SystemExit(128 + number)
        process.send_signal(number)

    with handling({signal.SIGTERM: pass_on, signal.SIGINT: ignore}):
        process = subprocess.Popen(command, cwd=directory)
        status = process.wait()
    return status if status >= 0 else 128 - status


def _test_processes() -> int:
    """One more than there are processors, since many tests wait; few enough for a laptop's memory."""
    return min((os.process_cpu_count() or 1) + 1, _MOST_TEST_PROCESSES)


def _tool(name: str) -> str:
    """A program of .venv."""
    return str(Path(sys.executable).with_name(name))
