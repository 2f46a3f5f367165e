"""`invoke build --explain NAME`: what is in a package, why, and how large it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from toolchain.packaging import inputs
from toolchain.packaging.assembly import assemble, pins
from toolchain.packaging.build import Request
from toolchain.packaging.parts import Parts
from toolchain.packaging.requirements import Pin
from toolchain.packaging.shared import Part
from toolchain.packaging.wheelhouse import Wheelhouse
from toolchain.packaging.workers import Workers
from toolchain.project import Project

_FILES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A part of a package, and the reason it is there; sizes in bytes, `files` with zipped bytes."""

    part: str
    reason: str
    zip_bytes: int
    unzipped_bytes: int
    files: tuple[tuple[str, int], ...]


def explain(project: Project, cache: Path, request: Request) -> list[Row]:
    """The parts of one function's package, the largest first; `request` names the function."""
    declared = inputs.declarations(project, cache)
    library, [gathered] = inputs.gather(project, [declared[request.function or ""]], request.architecture)
    with Workers() as workers:
        parts = Parts(cache, Wheelhouse(cache, project.root), workers)
        [assembly] = assemble([gathered], library, parts)
    reasons = {f"{pin.name} {pin.version}": _reason(pin) for pin in pins(gathered)}
    reasons |= {
        "lib": "shared by all functions",
        "bytecode of requirements": "compiled modules that the function can reach",
        f"functions/{gathered.name}": "the function itself",
    }
    rows = [_row(part, reasons[part.label]) for part in assembly.parts if part.segment.size]
    return sorted(rows, key=lambda row: (-row.zip_bytes, row.part))


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """The rows as text: parts, then the largest files of all."""
    rows = list(rows)
    width = max(len(row.part) for row in rows)
    yield f"{'part':<{width}}  {'zipped':>10}  {'unzipped':>10}  why"
    for row in rows:
        zipped, unzipped = _kilobytes(row.zip_bytes), _kilobytes(row.unzipped_bytes)
        yield f"{row.part:<{width}}  {zipped:>10}  {unzipped:>10}  {row.reason}"
    yield ""
    yield "largest files (zipped)"
    files = sorted((-size, name) for row in rows for name, size in row.files)
    for size, name in files[:_FILES_SHOWN]:
        yield f"{_kilobytes(-size):>10}  {name}"


def _reason(pin: Pin) -> str:
    """`functions/x/requirements.in`, or `required by pydantic`."""
    direct = [source.removeprefix("-r ") for source in pin.via if source.startswith("-r ")]
    indirect = [source for source in pin.via if not source.startswith("-")]
    return direct[0] if direct else f"required by {', '.join(indirect)}"


def _row(part: Part, reason: str) -> Row:
    files = [(member.name, len(member.data)) for member in part.segment.members()]
    zipped = sum(size for _, size in files)
    ordered = sorted(files, key=lambda file: (-file[1], file[0]))
    return Row(part.label, reason, zipped, part.segment.size, tuple(ordered))


def _kilobytes(size: int) -> str:
    return f"{size / 1024:,.1f} KB"
