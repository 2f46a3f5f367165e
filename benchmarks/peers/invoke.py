"""The toolchain of this checkout, and what of its time is invoke's own."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Command
from benchmarks.surroundings import Surroundings
from benchmarks.workload import Workload


@dataclass(frozen=True, slots=True)
class InvokeBuild:
    """`invoke build`. `first_ever` forgets the prepared parts of wheels too, as on a new machine."""

    surroundings: Surroundings
    first_ever: bool = False

    @property
    def name(self) -> str:
        return "invoke build, first ever" if self.first_ever else "invoke build"

    @property
    def version(self) -> str:
        return "this checkout"

    def prepare(self, workload: Workload) -> None:
        """Nothing: a workload is a project of this toolchain."""

    def clean(self, workload: Workload) -> None:
        shutil.rmtree(workload.root / "dist", ignore_errors=True)
        if self.first_ever:
            shutil.rmtree(self.surroundings.cache / "serverless-python-api" / "parts", ignore_errors=True)

    def build(self, workload: Workload) -> Sequence[Command]:
        return [invoke(self.surroundings, workload.root, "build")]

    def packages(self, workload: Workload) -> Mapping[str, Path]:
        return {path.stem: path for path in sorted((workload.root / "dist").glob("*.zip"))}


def invoke_start(surroundings: Surroundings, root: Path) -> Command:
    """`invoke --version`: what the task runner costs before a task of ours begins."""
    return surroundings.command("invoke", "--version", cwd=root)


def invoke(surroundings: Surroundings, root: Path, *arguments: str) -> Command:
    """Run a task of the project in `root`, with the invoke of this checkout's .venv."""
    return surroundings.command("invoke", "--search-root", root, *arguments, cwd=root)
