"""What the questions of one run share: where they are asked, of whom, how often, and who writes it down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import packages
from benchmarks.errors import BenchmarkError
from benchmarks.peers.invoke import InvokeBuild, invoke
from benchmarks.peers.peer import Peer
from benchmarks.peers.uv_and_zip import UvAndZip
from benchmarks.processes import Command, Spawner
from benchmarks.report import Report
from benchmarks.rounds import Samples
from benchmarks.surroundings import Surroundings, architecture, online
from benchmarks.workload import Workload

_PATIENCE_SECONDS = 30
"""A peer that would take longer is left out."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to ask: sizes of workloads in functions, rounds of each measurement, names of peers."""

    functions: tuple[int, ...]
    rounds: int
    peers: tuple[str, ...]
    terraform_aws_lambda: Path | None
    questions: tuple[str, ...]
    json: Path | None


@dataclass(slots=True)
class Session:
    """One run. Workloads are made when they are first asked for, and used by several questions."""

    options: Options
    surroundings: Surroundings
    spawner: Spawner
    report: Report
    peers: list[Peer]
    _workloads: dict[int, Workload] = field(default_factory=dict)
    _prepared: set[tuple[str, int]] = field(default_factory=set)
    _left_out: set[tuple[str, int]] = field(default_factory=set)
    _seconds_each: dict[str, float] = field(default_factory=dict)

    def workload(self, count: int) -> Workload:
        """A locked project of so many functions, built once, so that all wheels are here."""
        if count not in self._workloads:
            self.report.say(f"preparing a project of {count} functions ...")
            workload = Workload(self.surroundings.work / f"project-{count}", count, architecture())
            workload.write()
            self.run([invoke(self.surroundings, workload.root, "lock")])
            self.run(InvokeBuild(self.surroundings).build(workload))
            self._workloads[count] = workload
        return self._workloads[count]

    def learn(self, measured: Sequence[Samples], count: int) -> None:
        """Remember how long everybody takes for a function."""
        self._seconds_each |= {samples.name: samples.median / count for samples in measured}

    def patiently(self, peers: Sequence[Peer], count: int) -> list[Peer]:
        """The peers that are worth waiting for, going by a workload that they built."""
        patient = []
        for peer in peers:
            seconds = self._seconds_each.get(peer.name, 0) * count
            if seconds > _PATIENCE_SECONDS:
                self.report.say(f"{peer.name} is left out: {count} functions take it about {seconds:.0f} s")
            else:
                patient.append(peer)
        return patient

    def warm_up(self, workload: Workload, peers: Sequence[Peer]) -> list[Peer]:
        """Have everybody build once, unmeasured; who makes no complete packages is left out from then on.

        Raises BenchmarkError when that is our build, or the floor: there is nothing to compare then.
        """
        return [peer for peer in peers if self._is_ready(workload, peer)]

    def _is_ready(self, workload: Workload, peer: Peer) -> bool:
        key = peer.name, workload.count
        if key in self._left_out or key in self._prepared:
            return key in self._prepared
        try:
            peer.prepare(workload)
            self._build_once(workload, peer)
            self._prepared.add(key)
        except BenchmarkError as error:
            if isinstance(peer, InvokeBuild | UvAndZip):
                raise
            self.report.say(f"{peer.name} is left out at {workload.count} functions: {error}")
            self._left_out.add(key)
            return False
        return True

    def _build_once(self, workload: Workload, peer: Peer) -> None:
        """Offline, and if that makes no complete packages, whatever the exit code says, online."""
        commands = peer.build(workload)
        try:
            self._build_and_check(workload, peer, commands)
        except BenchmarkError:
            self._build_and_check(workload, peer, [online(command) for command in commands])

    def _build_and_check(self, workload: Workload, peer: Peer, commands: Sequence[Command]) -> None:
        peer.clean(workload)
        self.spawner.run(commands)
        made = peer.packages(workload)
        packages.check_current(peer.name, workload, made)
        packages.check_complete(peer.name, workload, made, self.surroundings.work / "imported")

    def run(self, commands: Sequence[Command]) -> None:
        """Run what is not measured: offline when the caches have all it needs, else online."""
        try:
            self.spawner.run(commands)
        except BenchmarkError:
            self.spawner.run([online(command) for command in commands])
