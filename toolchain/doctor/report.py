"""Shows what was found: a table on a terminal with room for it, lines elsewhere, JSON for programs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, TextIO

from toolchain.doctor.examination import Finding, Status
from toolchain.errors import MissingToolError

if TYPE_CHECKING:
    from rich.table import Table

_TABLE_WIDTH = 100
_STYLES = {Status.OK: "green", Status.OPTIONAL: "yellow", Status.MISSING: "red", Status.UNSUITABLE: "red"}


def show(findings: Sequence[Finding], output: TextIO, *, as_json: bool = False) -> None:
    """Write the findings; raises MissingToolError, after that, if a need is not met."""
    from rich.console import Console

    console = Console(file=output)
    if as_json:
        output.write(json.dumps([asdict(finding) for finding in findings], indent=2) + "\n")
    elif console.is_terminal and console.width >= _TABLE_WIDTH:
        console.print(_table(findings))
    else:
        output.writelines(f"{line}\n" for line in lines(findings))
    unmet = [f"{finding.name} is {finding.status}" for finding in findings if not _is_met(finding)]
    if unmet:
        raise MissingToolError(unmet)


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """`missing     Terraform (needed: 1.11 or newer; for plan, deploy); get it: brew install ...`."""
    for finding in findings:
        found = f" {finding.found}" if finding.found else ""
        line = (
            f"{finding.status:<10}  {finding.name}{found} (needed: {finding.wanted}; for {finding.purpose})"
        )
        yield line if finding.status == Status.OK else f"{line}; get it: {finding.get}"


def _table(findings: Iterable[Finding]) -> "Table":
    from rich.table import Table

    table = Table("Needed", "Version", "Found", "For", box=None, pad_edge=False)
    table.add_column("How to get it", overflow="fold")  # a command must not lose its end
    for finding in findings:
        is_ok = finding.status == Status.OK
        table.add_row(
            finding.name,
            finding.wanted,
            f"[{_STYLES[finding.status]}]{finding.found or finding.status}",
            finding.purpose,
            "" if is_ok else finding.get,
        )
    return table


def _is_met(finding: Finding) -> bool:
    return finding.status in {Status.OK, Status.OPTIONAL}
