"""How long a build takes with dist/ empty and the wheels here, and the first build ever."""

from collections.abc import Sequence

from benchmarks.peers.invoke import InvokeBuild
from benchmarks.peers.peer import Peer
from benchmarks.peers.uv_and_zip import UvAndZip
from benchmarks.questions import building
from benchmarks.rounds import Samples, interleave
from benchmarks.session import Session

FLOOR, FIRST_EVER = "uv + zip", "invoke build, first ever"
LIMIT_SECONDS = {10: 0.5, 50: 1.0}
RATIO, FIRST_EVER_RATIO = 10, 2


def ask(session: Session) -> None:
    """Measure each size: the floor, every peer, ours with prepared parts and without them."""
    ours, floor = InvokeBuild(session.surroundings), UvAndZip(session.surroundings)
    first_ever = InvokeBuild(session.surroundings, first_ever=True)
    for count in session.options.functions:
        # The first build ever comes last in a round: it leaves prepared parts for the next one.
        everybody: list[Peer] = [ours, floor, *session.patiently(session.peers, count), first_ever]
        measured = _measure(session, count, everybody)
        session.learn(measured, count)
        _report(session, count, measured)


def _measure(session: Session, count: int, peers: Sequence[Peer]) -> list[Samples]:
    workload = session.workload(count)
    ready = session.warm_up(workload, peers)
    contestants = building.contestants(session, workload, ready, lambda peer, _: peer.clean(workload))
    return interleave(session.spawner, contestants, session.options.rounds)


def _report(session: Session, count: int, measured: Sequence[Samples]) -> None:
    title = f"Cold: {count} functions, dist/ empty, wheels downloaded, no registry asked; seconds"
    building.report(session, title, "cold", count, measured)
    building.check_peak(session, "cold", count, measured)
    medians = {samples.name: samples.median for samples in measured}
    if count in LIMIT_SECONDS:
        question = f"cold, {count}: over invoke's start"
        session.report.at_most(question, building.over_start(measured), LIMIT_SECONDS[count], " s")
    for name, median in medians.items():
        if name not in {building.OURS, building.START, FIRST_EVER}:
            ratio = median / medians[building.OURS]
            session.report.at_least(f"cold, {count}: {name} takes", ratio, RATIO, "x")
    ratio = medians[FLOOR] / medians[FIRST_EVER]
    session.report.at_least(f"first ever, {count}: {FLOOR} takes", ratio, FIRST_EVER_RATIO, "x")
