"""What a comparison needs to know of a tool."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from benchmarks.processes import Command
from benchmarks.workload import Workload


class Unavailable(Exception):  # noqa: N818 - not an error: the comparison goes on without the tool
    """Why a tool can't take part here."""


class Peer(Protocol):
    """A tool that packages functions."""

    @property
    def name(self) -> str:
        """What tables call it."""

    @property
    def version(self) -> str:
        """Of the tool, or of what it is made of."""

    def prepare(self, workload: Workload) -> None:
        """Write what the tool wants to find beside the workload; not measured."""

    def clean(self, workload: Workload) -> None:
        """Forget earlier builds, but no download; not measured."""

    def build(self, workload: Workload) -> Sequence[Command]:
        """What is measured: the commands that bring every package up to date, one after the other."""

    def packages(self, workload: Workload) -> Mapping[str, Path]:
        """Function names -> the zips or directories that the last build left."""
