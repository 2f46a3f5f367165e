"""Runs uv, the resolver: the one that is pinned beside this interpreter."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from toolchain.errors import MissingToolError

type Runner = Callable[[Sequence[str], Path], subprocess.CompletedProcess[str]]
"""Runs a command in a directory, its output captured as text."""


def _run(command: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def run_uv(arguments: Sequence[str], *, cwd: Path, run: Runner = _run) -> tuple[bool, str]:
    """Whether uv succeeded, and what it wrote to stderr: warnings, or the reason why not."""
    executable = Path(sys.executable).with_name("uv")
    try:
        done = run([str(executable), *arguments], cwd)
    except FileNotFoundError as error:
        raise MissingToolError(
            "uv is missing from .venv; remove .venv and run ./inv, which installs it again"
        ) from error
    return done.returncode == 0, done.stderr.strip()


def reason(stderr: str) -> str:
    """uv's explanation on one line: `Because x was not found ..., we can conclude that ...`."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    useful = [line for line in lines if not line.startswith("error: No solution found")]
    return " ".join(line.removeprefix("error: ").removeprefix("cause: ") for line in useful or lines)
