"""`invoke scan`: all scanners, less what the ledger accepts."""

import json
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.project import Project
from toolchain.scan import checkov, policies, trivy, workflows
from toolchain.scan.ledger import Entry, apply, read_ledger
from toolchain.scan.plan import Plan, parse_plan

LEDGER = "terraform/scan_ledger.yaml"


@dataclass(frozen=True, slots=True)
class Report:
    """What passed: findings that the ledger accepts, its entries that were not needed (by what was scanned),
    policies that the plans can't tell yet, and scanners that this platform lacks.
    """

    accepted: int
    unused: tuple[Entry, ...]
    unread: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def scan(project: Project, plans: Sequence[Path]) -> Report:
    """Scan terraform/, workflows, and plans as `terraform show -json` prints them.

    Raises ToolchainError with every finding that the ledger does not accept.
    """
    findings = {*checkov.scan_sources(project), *workflows.scan_workflows(project)}
    left_out = () if trivy.is_available(project) else ("trivy",)
    if not left_out:
        findings.update(trivy.scan_stages(project))
    unread: set[str] = set()
    for path in plans:
        plan = read_plan(path)
        findings.update(checkov.scan_plan(project, path), policies.examine(plan))
        unread.update(policies.unread(plan))
    left, unused = apply(read_ledger(project.root / LEDGER), findings)
    if left:
        raise ToolchainError(map(str, left))
    return Report(len(findings), tuple(unused), tuple(sorted(unread)), left_out)


def read_plan(path: Path) -> Plan:
    """The plan of a JSON file; raises ToolchainError if it is none."""
    try:
        return parse_plan(json.loads(path.read_text()))
    except OSError as error:
        raise ToolchainError(f"{path} can't be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ToolchainError(f"{path} is no plan as `terraform show -json PLAN` prints it") from error


def lines(report: Report) -> Iterator[str]:
    """The report as the task prints it."""
    yield f"nothing found beyond the {report.accepted} findings that {LEDGER} accepts"
    for entry in report.unused:
        if entry.check.partition("/")[0] not in report.left_out:
            yield f"not needed here: {entry.check} at {entry.address}"
    for address in report.unread:
        yield f"known after the apply, scan the next plan: {address}"
    for scanner in report.left_out:
        yield f"left out: {scanner}, which is not to be had for {sysconfig.get_platform()}"
