"""`invoke scan`: all scanners, less what the ledger accepts."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.project import Project
from toolchain.scan import checkov, workflows
from toolchain.scan.findings import Finding
from toolchain.scan.ledger import Entry, apply, read_ledger
from toolchain.scan.plan import parse_plan
from toolchain.scan.policies import examine

_LEDGER = "terraform/scan_ledger.yaml"


def scan(project: Project, plans: Sequence[Path]) -> int:
    """How many findings the ledger accepts: in terraform/, workflows, and plans of `terraform show -json`.

    Raises ToolchainError with every other finding; and, when plans were scanned too, with every entry of
    the ledger that nothing needs.
    """
    findings = {*checkov.scan_sources(project), *workflows.scan_workflows(project)}
    for plan in plans:
        findings.update(checkov.scan_plan(project, plan), examine_plan(plan))
    left, unused = apply(read_ledger(project.root / _LEDGER), findings)
    problems = [str(finding) for finding in left] + (list(_stale(unused)) if plans else [])
    if problems:
        raise ToolchainError(problems)
    return len(findings)


def examine_plan(path: Path) -> list[Finding]:
    """What the own policies find; raises ToolchainError if the file is no plan's JSON."""
    try:
        document = json.loads(path.read_text())
        return examine(parse_plan(document))
    except OSError as error:
        raise ToolchainError(f"{path} can't be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ToolchainError(f"{path} is no plan as `terraform show -json PLAN` prints it") from error


def _stale(entries: Iterable[Entry]) -> Iterable[str]:
    return (f"{_LEDGER}: {each.check} at {each.address} accepts nothing; remove it" for each in entries)
