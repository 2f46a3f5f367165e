"""What the questions about building have in common: who takes part, and the table of their times."""

from collections.abc import Callable, Sequence

from benchmarks import packages
from benchmarks.peers.invoke import invoke_start
from benchmarks.peers.peer import Peer
from benchmarks.rounds import Contestant, Samples
from benchmarks.session import Session
from benchmarks.workload import Workload

OURS, START = "invoke build", "invoke --version"
PEAK_MB, PEAK_FUNCTIONS = 100, 50
HEADER = ("", "n", "median", "min", "max", "over invoke", "ratio", "ratio over", "cpu", "peak MB")


def contestants(
    session: Session, workload: Workload, peers: Sequence[Peer], reset: Callable[[Peer, str], object]
) -> list[Contestant]:
    """invoke's own start, then the peers.

    Before each measured build, `reset` brings about what the build is to find; it is given a revision
    that is new in each round.
    """
    start = invoke_start(session.surroundings, workload.root)
    return [
        Contestant(START, lambda: [start]),
        *(_contestant(peer, workload, reset) for peer in peers),
    ]


def report(session: Session, title: str, question: str, functions: int, measured: Sequence[Samples]) -> None:
    """Print the table of a question, and keep the numbers."""
    medians = {samples.name: samples.median for samples in measured}
    rows = [_row(samples, medians[OURS], medians[START]) for samples in measured]
    session.report.table(title, HEADER, rows)
    for samples in measured:
        session.report.keep(question, samples, functions=functions)


def check_peak(session: Session, question: str, functions: int, measured: Sequence[Samples]) -> None:
    """Hold the memory of our builds against its limit, at the size that has one."""
    if functions == PEAK_FUNCTIONS:
        peak = max(samples.peak_mb for samples in measured if samples.name.startswith(OURS))
        session.report.at_most(f"{question}, {functions}: peak memory", peak, PEAK_MB, " MB")


def over_start(measured: Sequence[Samples]) -> float:
    """Seconds of `invoke build` that are not invoke's own start."""
    medians = {samples.name: samples.median for samples in measured}
    return medians[OURS] - medians[START]


def _contestant(peer: Peer, workload: Workload, reset: Callable[[Peer, str], object]) -> Contestant:
    """A peer whose packages are checked after every build."""
    return Contestant(
        peer.name,
        lambda: peer.build(workload),
        before=lambda revision: reset(peer, revision),
        after=lambda: packages.check_current(peer.name, workload, peer.packages(workload)),
    )


def _row(samples: Samples, ours: float, start: float) -> tuple[str, ...]:
    seconds = [f"{value:.3f}" for value in (samples.median, min(samples.seconds), max(samples.seconds))]
    over = samples.median - start
    compared = (f"{over:.3f}", f"{samples.median / ours:.1f}", f"{samples.median / (ours - start):.1f}")
    if samples.name == START:
        compared = ("", "", "")
    used = (f"{samples.cpu_median:.3f}", f"{samples.peak_mb:.0f}")
    return (samples.name, str(len(samples.runs)), *seconds, *compared, *used)
