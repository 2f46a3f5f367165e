"""What a comparison prints, and keeps: tables as they come, a summary of the targets, the raw numbers."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from benchmarks.rounds import Samples


@dataclass(frozen=True, slots=True)
class Target:
    """Something to reach, and what was reached: `wanted` is `<= 0.5 s`, `measured` is `0.312 s`."""

    question: str
    wanted: str
    measured: str
    met: bool


@dataclass(slots=True)
class Report:
    """Collects, and writes to `output` at once what is of interest at once."""

    output: TextIO
    machine: dict[str, str] = field(default_factory=dict)
    measurements: list[dict[str, Any]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.output.write(f"{text}\n")
        self.output.flush()

    def table(self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.say(f"\n{title}")
        self.say("\n".join(lines(header, rows)))

    def keep(self, question: str, samples: Samples, **facts: str | float) -> None:
        """Raw numbers for --json."""
        self.measurements.append({"question": question, **facts, **asdict(samples)})

    def keep_facts(self, question: str, **facts: object) -> None:
        """Raw numbers for --json that are no samples of processes."""
        self.measurements.append({"question": question, **facts})

    def at_most(self, question: str, measured: float, limit: float, unit: str = "") -> None:
        """Enter a target that is met at or below a limit."""
        met = measured <= limit
        self.targets.append(Target(question, f"<= {limit:g}{unit}", f"{measured:.3g}{unit}", met))

    def at_least(self, question: str, measured: float, limit: float, unit: str = "") -> None:
        """Enter a target that is met at or above a limit."""
        met = measured >= limit
        self.targets.append(Target(question, f">= {limit:g}{unit}", f"{measured:.3g}{unit}", met))

    def summarize(self) -> None:
        rows = [(one.question, one.wanted, one.measured, _verdict(one)) for one in self.targets]
        self.table("Summary", ("target", "wanted", "measured", ""), rows)

    def write_json(self, path: Path) -> None:
        content = {
            "machine": self.machine,
            "measurements": self.measurements,
            "targets": [asdict(target) for target in self.targets],
        }
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def lines(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned text: the first column to the left, the others, being numbers, to the right."""
    table = [tuple(header), *map(tuple, rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    return ["  ".join(_aligned(row, widths)).rstrip() for row in table]


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = (
        cell.rjust(width) if column else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return [first, *others]


def _verdict(target: Target) -> str:
    return "met" if target.met else "NOT MET"
