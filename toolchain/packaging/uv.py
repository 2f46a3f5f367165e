"""Runs uv, the resolver: the one that is pinned beside this interpreter."""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from toolchain.errors import MissingToolError

type Runner = Callable[[Sequence[str], Path], subprocess.CompletedProcess[str]]
"""Runs a command in a directory, its output captured as text."""

_YANKED = re.compile(r"`(?P<requirement>[^`]+)` is yanked(?: \(reason: \"(?P<reason>.*)\"\))?")
_UNSATISFIABLE = "error: No solution found"


def _run(command: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def run_uv(arguments: Sequence[str], *, cwd: Path, run: Runner = _run) -> tuple[bool, str]:
    """Whether uv succeeded, and what it wrote to stderr: warnings, or the reason why not."""
    executable = Path(sys.executable).with_name("uv")
    # Without these, uv looks for another Python of this version, and even downloads one.
    interpreter = ("--python", sys.executable, "--no-python-downloads")
    try:
        done = run([str(executable), *arguments, *interpreter], cwd)
    except FileNotFoundError as error:
        raise MissingToolError(
            "uv is missing from .venv; remove .venv and run ./inv, which installs it again"
        ) from error
    return done.returncode == 0, done.stderr.strip()


def yanked(stderr: str) -> list[str]:
    """What uv warns of: `["users==1.0 was yanked (loses rows)"]`."""
    return [
        f"{match['requirement']} was yanked ({match['reason'] or 'no reason given'})"
        for match in _YANKED.finditer(stderr)
    ]


def is_unsatisfiable(stderr: str) -> bool:
    """Whether the requirements are at fault: uv reached the index, and found nothing that fits."""
    return _UNSATISFIABLE in stderr


def reason(stderr: str) -> str:
    """uv's explanation on one line, without its warnings: `Because x was not found in the registry ...`."""
    lines = [line.strip() for line in stderr.splitlines()]
    start = next((number for number, line in enumerate(lines) if line.startswith("error: ")), 0)
    useful = [line for line in lines[start:] if line and not line.startswith(_UNSATISFIABLE)]
    return " ".join(line.removeprefix("error: ").removeprefix("cause: ") for line in useful)
