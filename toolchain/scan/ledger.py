"""terraform/scan_ledger.yaml: findings that are accepted, each with its reason.

    - check: CKV_AWS_117
      address: module.function.aws_lambda_function.this
      reason: Functions without a database need no VPC, and would pay for its interfaces.

Addresses are without indices; `*` stands for any text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from toolchain.errors import ToolchainError
from toolchain.scan.findings import Finding
from toolchain.scan.plan import static

_KEYS = ("check", "address", "reason")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """An accepted finding of one check, at the addresses that match."""

    check: str
    address: str
    reason: str

    def accepts(self, finding: Finding) -> bool:
        return finding.check == self.check and fnmatchcase(static(finding.address), self.address)


def read_ledger(path: Path) -> list[Entry]:
    """The ledger's entries; raises ToolchainError with every one that is malformed."""
    return parse_ledger(yaml.safe_load(path.read_text()), path.name)


def parse_ledger(document: object, file: str) -> list[Entry]:
    """Entries of a YAML document; `file` is named in messages."""
    if not isinstance(document, list):
        raise ToolchainError(f"{file} is {type(document).__name__}; write a list of check, address, reason")
    problems = [f"{file}: entry {number} {problem}" for number, problem in _problems(document)]
    if problems:
        raise ToolchainError(problems)
    return [Entry(**entry) for entry in document]


def apply(entries: Sequence[Entry], findings: Iterable[Finding]) -> tuple[list[Finding], list[Entry]]:
    """The findings that nobody has accepted, and the entries that accept nothing (any more)."""
    left, used = [], set()
    for finding in sorted(set(findings)):
        accepting = [entry for entry in entries if entry.accepts(finding)]
        used.update(accepting)
        if not accepting:
            left.append(finding)
    return left, [entry for entry in entries if entry not in used]


def _problems(document: Sequence[Any]) -> Iterable[tuple[int, str]]:
    for number, entry in enumerate(document, start=1):
        if not isinstance(entry, dict) or set(entry) != set(_KEYS):
            yield number, f"has {_shown(entry)}; write {', '.join(_KEYS)}"
            continue
        for key in _KEYS:
            if not isinstance(entry[key], str) or not entry[key].strip():
                yield number, f"has no {key}; write one"


def _shown(entry: object) -> str:
    return ", ".join(map(str, entry)) if isinstance(entry, dict) else type(entry).__name__
