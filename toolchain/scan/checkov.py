"""Runs checkov (www.checkov.io) on HCL and on a plan's JSON."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from toolchain.errors import ToolchainError
from toolchain.project import Project
from toolchain.scan.findings import Finding
from toolchain.scan.plan import static
from toolchain.scan.tools import provide_tools, run_module


def scan_sources(project: Project) -> list[Finding]:
    """checkov's findings in terraform/."""
    return _scan(project, ["--framework", "terraform", "--directory", str(project.root / "terraform")])


def scan_plan(project: Project, plan: Path) -> list[Finding]:
    """checkov's findings in what `terraform show -json` printed to a file."""
    source = ["--repo-root-for-plan-enrichment", str(project.root / "terraform")]
    return _scan(project, ["--framework", "terraform_plan", "--file", str(plan), *source])


def parse_report(report: Any) -> Iterator[Finding]:  # noqa: ANN401 - raw JSON
    """Findings of `checkov --output json`, one for all instances of a resource.

    It is a report, or nothing but a summary if there was nothing to check.

    Raises ToolchainError with the files that checkov could not read.
    """
    results = report.get("results", {})
    if unread := results.get("parsing_errors"):
        raise ToolchainError(f"checkov can't read {file}" for file in unread)
    for failed in results.get("failed_checks", []):
        yield Finding(failed["check_id"], static(failed["resource"]), failed["check_name"])


def _scan(project: Project, arguments: Sequence[str]) -> list[Finding]:
    # Without --skip-download checkov asks its vendor's service for the texts of guidelines.
    options = ["--output", "json", "--quiet", "--compact", "--skip-download"]
    report = run_module(provide_tools(project), "checkov.main", [*arguments, *options])
    return sorted(set(parse_report(report)))
