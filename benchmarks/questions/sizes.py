"""How large packages are, next to the same files compressed by zlib at level 6."""

import statistics
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.invoke import InvokeBuild
from benchmarks.session import Session

WITHOUT_BYTECODE, WITH_BYTECODE = 1.00, 1.35
_LOCAL_HEADER, _DIRECTORY_ENTRY, _END = 30, 46, 22
"""Bytes of a zip besides names and data: APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a package: as it is, without its bytecode, and that with zlib's level 6 instead."""

    package: int
    without_bytecode: int
    zlib: int


def ask(session: Session) -> None:
    """Every package of the largest workload, by kind of function."""
    workload = session.workload(max(session.options.functions))
    session.run(InvokeBuild(session.surroundings).build(workload))
    made = InvokeBuild(session.surroundings).packages(workload)
    sizes = {name: measure(package) for name, package in made.items()}
    rows, worst = [], (0.0, 0.0)
    for kind, names in workload.names_by_kind.items():
        plain = [sizes[name].without_bytecode / sizes[name].zlib for name in names]
        whole = [sizes[name].package / sizes[name].zlib for name in names]
        worst = (max(worst[0], *plain), max(worst[1], *whole))
        rows.append((kind, str(len(names)), *_megabytes(sizes[names[0]]), _spread(plain), _spread(whole)))
    header = ("", "packages", "zlib 6 MB", "ours without", "ours", "without / zlib", "ours / zlib")
    version = f"zlib {zlib.ZLIB_RUNTIME_VERSION}"
    title = f"Sizes: {workload.count} functions, {version}; ratios: min, median, max"
    session.report.table(title, header, rows)
    session.report.at_most("size without bytecode, largest", worst[0], WITHOUT_BYTECODE, "x")
    session.report.at_most("size with bytecode, largest", worst[1], WITH_BYTECODE, "x")


def measure(package: Path) -> Sizes:
    """The package's entries packed again, in three ways; entries that bytecode is in are left out of two."""
    with zipfile.ZipFile(package) as archive:
        plain = [entry for entry in archive.infolist() if not entry.filename.endswith(".pyc")]
        spliced = _zip_bytes((entry.filename, entry.compress_size) for entry in plain)
        deflated = _zip_bytes((entry.filename, _deflated(archive.read(entry))) for entry in plain)
    return Sizes(package.stat().st_size, spliced, deflated)


def _zip_bytes(entries: Iterable[tuple[str, int]]) -> int:
    """What a zip of entries (name, bytes of data) takes."""
    each = _LOCAL_HEADER + _DIRECTORY_ENTRY
    return _END + sum(each + 2 * len(name.encode()) + data for name, data in entries)


def _deflated(content: bytes) -> int:
    """Bytes of the content at level 6, or as it is where that is less."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return min(len(content), len(deflate.compress(content)) + len(deflate.flush()))


def _megabytes(sizes: Sizes) -> tuple[str, str, str]:
    ordered = (sizes.zlib, sizes.without_bytecode, sizes.package)
    plain, ours, whole = (f"{size / 1024 / 1024:.2f}" for size in ordered)
    return plain, ours, whole


def _spread(values: list[float]) -> str:
    return " ".join(f"{value:.3f}" for value in (min(values), statistics.median(values), max(values)))
