"""Interleaved measurements: A B C, A B C, ... so that what the machine does meanwhile hits all alike."""

import os
import statistics
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.processes import Command, Run, Spawner

ROUNDS_OF_THE_SLOW = ((10.0, 1), (5.0, 3))
"""Whoever takes more seconds takes part in so many rounds only: the first ones, and tables say how many."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """What is measured; `before` and `after` are not. `before` is given a revision, new in each round."""

    name: str
    commands: Callable[[], Sequence[Command]]
    before: Callable[[str], object] = lambda _: None
    after: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True)
class Samples:
    """The measurements of one contestant."""

    name: str
    runs: tuple[Run, ...]

    @property
    def seconds(self) -> tuple[float, ...]:
        return tuple(run.seconds for run in self.runs)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def cpu_median(self) -> float:
        return statistics.median(run.cpu_seconds for run in self.runs)

    @property
    def peak_mb(self) -> float:
        return max(run.peak_kib for run in self.runs) / 1024


def interleave(spawner: Spawner, contestants: Sequence[Contestant], rounds: int) -> list[Samples]:
    """Measure every contestant in every round, the slow ones in the first rounds only."""
    series = uuid.uuid4().hex  # a revision is new to builds that an earlier series left, too
    runs: dict[str, list[Run]] = {contestant.name: [] for contestant in contestants}
    for number in range(rounds):
        for contestant in contestants:
            if number < _rounds_of(runs[contestant.name], rounds):
                runs[contestant.name].append(_measure(spawner, contestant, f"{series}-{number}"))
    return [Samples(name, tuple(measured)) for name, measured in runs.items()]


def _rounds_of(measured: Sequence[Run], rounds: int) -> int:
    if not measured:
        return rounds
    return next((few for slow, few in ROUNDS_OF_THE_SLOW if measured[0].seconds > slow), rounds)


def _measure(spawner: Spawner, contestant: Contestant, revision: str) -> Run:
    contestant.before(revision)
    os.sync()  # or writing back what an earlier one left behind would be counted here
    run = spawner.run(contestant.commands())
    contestant.after()
    return run
