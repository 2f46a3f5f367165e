"""Runs uv, the resolver: the one that is pinned beside this interpreter."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from toolchain.errors import MissingToolError


class Runner(Protocol):
    """`subprocess.run`, as far as it is used here."""

    def __call__(
        self, command: Sequence[str], *, cwd: Path, capture_output: bool, text: bool, check: bool
    ) -> "subprocess.CompletedProcess[str]": ...


def run_uv(arguments: Sequence[str], *, cwd: Path, run: Runner = subprocess.run) -> tuple[bool, str]:
    """Whether uv succeeded, and what it wrote to stderr: warnings, or the reason why not."""
    executable = Path(sys.executable).with_name("uv")
    try:
        done = run([str(executable), *arguments], cwd=cwd, capture_output=True, text=True, check=False)
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
