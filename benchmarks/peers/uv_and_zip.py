"""The floor: what a shell script with the fastest installer does. `uv pip install --target`, then zip."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Command
from benchmarks.surroundings import Surroundings
from benchmarks.workload import Workload

_SCRIPT = Path(__file__).with_name("uv_and_zip_script.py")


@dataclass(frozen=True, slots=True)
class UvAndZip:
    """A function at a time, or `processes` at once; no change is noticed, everything is made each time."""

    surroundings: Surroundings
    processes: int = 1

    @property
    def name(self) -> str:
        return "uv + zip" if self.processes == 1 else f"uv + zip, {self.processes} at once"

    @property
    def version(self) -> str:
        uv = Path(sys.executable).with_name("uv")
        return subprocess.run([uv, "--version"], check=True, capture_output=True, text=True).stdout.strip()

    def prepare(self, workload: Workload) -> None:
        plan = {"root": str(workload.root), "output": str(self._output(workload)), "names": workload.names}
        self._plan(workload).write_text(json.dumps({**plan, "processes": self.processes}))

    def clean(self, workload: Workload) -> None:
        shutil.rmtree(self._output(workload), ignore_errors=True)

    def build(self, workload: Workload) -> Sequence[Command]:
        plan = self._plan(workload)
        return [self.surroundings.command("python", "-I", _SCRIPT, plan, cwd=workload.root)]

    def packages(self, workload: Workload) -> Mapping[str, Path]:
        return {path.stem: path for path in sorted(self._output(workload).glob("*.zip"))}

    def _output(self, workload: Workload) -> Path:
        return workload.root.with_name(f"{workload.root.name}-uv-{self.processes}")

    def _plan(self, workload: Workload) -> Path:
        return self._output(workload).with_suffix(".json")
