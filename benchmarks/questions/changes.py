"""How long a build takes when nothing changed, one function, or lib/."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.peers.invoke import InvokeBuild
from benchmarks.peers.peer import Peer
from benchmarks.peers.uv_and_zip import UvAndZip
from benchmarks.questions import building
from benchmarks.rounds import Samples, interleave
from benchmarks.session import Session
from benchmarks.workload import Workload

_LIMITED = 10
"""The size that the limits are for, and the largest that peers are measured at."""


@dataclass(frozen=True, slots=True)
class Change:
    """`edit` makes it, with a revision that no build has seen; `limit_seconds` is over invoke's start."""

    name: str
    limit_seconds: float
    edit: Callable[[Workload, str], None]


CHANGES = (
    Change("nothing changed", 0.1, lambda _workload, _revision: None),
    Change("one function changed", 0.15, Workload.edit_handler),
    Change("lib changed", 0.3, Workload.edit_library),
)


def ask(session: Session) -> None:
    """Measure each change at each size; the peers up to ten functions only, or it would take an hour.

    `uv + zip` does not take part: it makes everything each time, which "cold" measures.
    """
    for count in session.options.functions:
        workload = session.workload(count)
        peers = [peer for peer in session.peers if not isinstance(peer, UvAndZip)]
        patient = session.patiently(peers, count) if count <= _LIMITED else []
        everybody = [InvokeBuild(session.surroundings), *patient]
        ready = session.warm_up(workload, everybody)
        for change in CHANGES:
            _measure(session, workload, ready, change)


def _measure(session: Session, workload: Workload, peers: Sequence[Peer], change: Change) -> None:
    contestants = building.contestants(
        session, workload, peers, lambda _, revision: change.edit(workload, revision)
    )
    measured = interleave(session.spawner, contestants, session.options.rounds)
    _report(session, workload.count, change, measured)


def _report(session: Session, count: int, change: Change, measured: Sequence[Samples]) -> None:
    title = f"Changes: {count} functions, {change.name}; seconds"
    building.report(session, title, change.name, count, measured)
    building.check_peak(session, change.name, count, measured)
    if count == _LIMITED:
        question = f"{change.name}, {count}: over invoke's start"
        session.report.at_most(question, building.over_start(measured), change.limit_seconds, " s")
