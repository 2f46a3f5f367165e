"""What the questions of one run share: who is asked, with what load, and who writes the answers down."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.report import Report
from benchmarks.serving.load import Generate, Load, Target
from benchmarks.serving.peers.peer import Peer
from benchmarks.serving.running import Server, free_port, running
from benchmarks.serving.site import Site
from benchmarks.surroundings import Surroundings

OURS, HEAVY = "invoke up", "serverless-offline"
"""Whose numbers are held against the others', and whose memory is the measure of it."""

_WARM_UP_SECONDS = 20
_STILL_GROWING = 1.2


@dataclass(frozen=True, slots=True)
class Options:
    """What to ask: rounds of each measurement, seconds of each load, requests of the long run (0: none)."""

    rounds: int
    seconds: float
    edits: int
    peers: tuple[str, ...]
    questions: tuple[str, ...]
    soak: int
    json: Path | None


@dataclass(frozen=True, slots=True)
class Session:
    """One run."""

    options: Options
    surroundings: Surroundings
    report: Report
    site: Site
    peers: tuple[Peer, ...]
    generate: Generate

    @contextmanager
    def serving(self, peer: Peer, database: Mapping[str, str], *, reload: bool = False) -> Iterator[Server]:
        """A server, running until the block is left."""
        port = free_port()
        command = peer.command(port, database, reload=reload)
        with running(command, port, self.surroundings.work / "output.txt") as server:
            yield server

    def warm_up(self, target: Target, connections: int) -> None:
        """Seconds of load until one brings hardly more than the last: some start a process per connection."""
        last = 0.0
        for _ in range(_WARM_UP_SECONDS):
            rate = self.generate(target, connections, 1).per_second
            if 0 < rate < _STILL_GROWING * last:
                return
            last = rate

    def load(self, target: Target, connections: int, seconds: float) -> Load:
        """Raises BenchmarkError when nothing was answered."""
        load = self.generate(target, connections, seconds)
        if not load.requests:
            raise BenchmarkError(f"{target.url} was not answered in {seconds} s")
        return load
