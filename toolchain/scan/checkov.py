"""Runs checkov (www.checkov.io) on HCL and on a plan's JSON, in an environment of its own."""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from toolchain.errors import MissingToolError, ToolchainError
from toolchain.packaging.uv import reason, run_uv
from toolchain.project import Project
from toolchain.scan.findings import Finding

_REQUIREMENTS = "requirements-scan.txt"


def scan_sources(project: Project) -> list[Finding]:
    """checkov's findings in terraform/."""
    return _scan(project, ["--framework", "terraform", "--directory", str(project.root / "terraform")])


def scan_plan(project: Project, plan: Path) -> list[Finding]:
    """checkov's findings in what `terraform show -json` printed to a file."""
    source = ["--repo-root-for-plan-enrichment", str(project.root / "terraform")]
    return _scan(project, ["--framework", "terraform_plan", "--file", str(plan), *source])


def parse_report(report: Any) -> Iterator[Finding]:  # noqa: ANN401 - raw JSON
    """Findings of `checkov --output json`: a report, or nothing but a summary if there was nothing to check.

    Raises ToolchainError with the files that checkov could not read.
    """
    results = report.get("results", {})
    if unread := results.get("parsing_errors"):
        raise ToolchainError(f"checkov can't read {file}" for file in unread)
    for failed in results.get("failed_checks", []):
        yield Finding(failed["check_id"], failed["resource"], failed["check_name"])


def _scan(project: Project, arguments: Sequence[str]) -> list[Finding]:
    packages = provide_checkov(project)
    # Without --skip-download checkov asks its vendor's service for the texts of guidelines.
    options = ["--output", "json", "--quiet", "--compact", "--skip-download"]
    command = [sys.executable, "-m", "checkov.main", *arguments, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment(packages))
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        last = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise ToolchainError(
            f"checkov ended with {done.returncode} and no report; it said: {last}"
        ) from error
    return sorted(set(parse_report(report)))


def provide_checkov(project: Project) -> Path:
    """The directory of its packages, installed under .local/ once for a requirements-scan.txt.

    Raises MissingToolError with uv's reason if it can't be installed.
    """
    requirements = project.root / _REQUIREMENTS
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    packages = project.local / "tools" / f"checkov-{digest}"
    if not packages.exists():
        packages.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="checkov-", dir=packages.parent) as directory:
            _install(project, requirements, Path(directory) / "packages")
            with contextlib.suppress(OSError):  # another process was first
                (Path(directory) / "packages").rename(packages)
    return packages


def _install(project: Project, requirements: Path, target: Path) -> None:
    options = ("--require-hashes", "--requirements", str(requirements), "--target", str(target))
    done, stderr = run_uv(["pip", "install", *options], cwd=project.root)
    if not done:
        raise MissingToolError(f"checkov can't be installed from {_REQUIREMENTS}: {reason(stderr)}")


def _environment(packages: Path) -> Mapping[str, str]:
    """checkov reads credentials and a configuration file if there are any; it needs none."""
    kept = ("HOME", "PATH", "LANG", "LC_ALL", "TMPDIR")
    there = {name: os.environ[name] for name in kept if name in os.environ}
    return {**there, "LOG_LEVEL": "ERROR", "PYTHONPATH": str(packages)}
