"""How long it takes to import a handler from its package, with bytecode and without.

On Lambda a package is unzipped to a directory that the function can't write to, so without bytecode in it
everything is compiled at every cold start.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import packages
from benchmarks.peers.invoke import InvokeBuild
from benchmarks.processes import Command
from benchmarks.rounds import Contestant, Samples, interleave
from benchmarks.session import Session

LIMIT_RATIO = 0.45
LEAST_ROUNDS = 9
BARE, WITH, WITHOUT = "bare python", "with bytecode", "without bytecode"


def ask(session: Session) -> None:
    """For a function of each kind: from the page cache, and from the disk as after a download."""
    workload = session.workload(min(session.options.functions))
    session.run(InvokeBuild(session.surroundings).build(workload))
    made = InvokeBuild(session.surroundings).packages(workload)
    for kind, name in workload.one_of_each_kind.items():
        scratch = session.surroundings.work / "started"
        with_bytecode = packages.unzip(made[name], scratch / "with")
        without = packages.unzip(made[name], scratch / "without")
        for path in without.rglob("*.pyc"):
            path.unlink()
        for directory in (with_bytecode, without):
            packages.make_read_only(directory)
        for cache, prepare in (("warm", _nothing), ("dropped", drop_from_page_cache)):
            measured = _measure(session, with_bytecode, without, f"functions.{name}.handler", prepare)
            _report(session, kind, cache, measured)
        packages.remove(scratch)


def import_command(session: Session, directory: Path, module: str) -> Command:
    """A Python that imports a module from an unzipped package."""
    return session.surroundings.command(
        "python", *packages.IMPORT, module, directory, cwd=session.surroundings.work
    )


def drop_from_page_cache(directory: Path) -> None:
    """Have the next import read from the disk; without effect on a file system that is in memory."""
    for path in directory.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _nothing(_: Path) -> None:
    """The page cache is warm after the first round at the latest, and medians are compared."""


def _measure(
    session: Session, with_bytecode: Path, without: Path, module: str, prepare: Callable[[Path], None]
) -> list[Samples]:
    def contestant(name: str, directory: Path) -> Contestant:
        command = import_command(session, directory, module)
        return Contestant(name, lambda: [command], before=lambda _: prepare(directory))

    bare = Contestant(BARE, lambda: [import_command(session, with_bytecode, "sys")])
    contestants = [bare, contestant(WITH, with_bytecode), contestant(WITHOUT, without)]
    return interleave(session.spawner, contestants, max(session.options.rounds, LEAST_ROUNDS))


def _report(session: Session, kind: str, cache: str, measured: Sequence[Samples]) -> None:
    bare, with_bytecode, without = (samples.median for samples in measured)
    rows = []
    for samples in measured:
        seconds = (samples.median, min(samples.seconds), max(samples.seconds), samples.median - bare)
        rows.append((samples.name, str(len(samples.runs)), *(f"{value * 1000:.0f}" for value in seconds)))
        session.report.keep("cold start", samples, kind=kind, page_cache=cache)
    title = f"Cold start: import of a handler, {kind}, page cache {cache}; ms"
    session.report.table(title, ("", "n", "median", "min", "max", "over bare"), rows)
    ratio = (with_bytecode - bare) / (without - bare)
    session.report.say(f"import alone {ratio:.2f}x, whole process {with_bytecode / without:.2f}x")
    question = f"cold start, {kind}, page cache {cache}: import with bytecode"
    session.report.at_most(question, ratio, LIMIT_RATIO, "x")
