"""Makes the packages that are not current: all of them are prepared before the first is written."""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from toolchain.packaging import limits
from toolchain.packaging.assembly import Assembly, assemble
from toolchain.packaging.inputs import Inputs
from toolchain.packaging.parts import Parts
from toolchain.packaging.progress import Progress, Result
from toolchain.packaging.sources import Source
from toolchain.packaging.state import Built, zip_path
from toolchain.packaging.wheelhouse import Wheelhouse
from toolchain.packaging.workers import Workers
from toolchain.project import Project


@dataclass(frozen=True, slots=True)
class Made:
    """A package that is in dist/ now, and what the next build is to know of it."""

    result: Result
    built: Built


def make(
    project: Project, cache: Path, wanted: Sequence[Inputs], library: Sequence[Source], progress: Progress
) -> list[Made]:
    """Write the packages into dist/.

    Raises ToolchainError with every problem of every function before anything is written.
    """
    with Workers() as workers:
        parts = Parts(cache, Wheelhouse(cache, project.root, progress.step), workers)
        assemblies = assemble(wanted, library, parts)
    made = []
    # Hashing and writing leave Python to other threads, and are half of what a package takes.
    with ThreadPoolExecutor(os.process_cpu_count()) as threads:
        for one in threads.map(partial(_write, project), assemblies):
            progress.finished(one.result)
            made.append(one)
    return made


def _write(project: Project, assembly: Assembly) -> Made:
    started = time.perf_counter()
    name, path = assembly.inputs.name, zip_path(project.dist, assembly.inputs.name)
    package = assembly.write(path)
    sizes = (package.zip_bytes, package.unzipped_bytes)
    made_from = (assembly.inputs.fingerprint, assembly.inputs.target.architecture)
    built = Built(*made_from, package.sha256, *sizes, path.stat().st_mtime_ns)
    zipped = [(part.label, len(part.segment.data)) for part in assembly.parts]
    warning = limits.too_large_to_upload(name, package.zip_bytes, zipped)
    seconds = time.perf_counter() - started
    result = Result(name, *sizes, package.sha256, "built", round(seconds, 4), warning)
    return Made(result, built)
