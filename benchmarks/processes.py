"""Measured processes: how long they take by the clock, and how much memory they need."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.errors import BenchmarkError

_SPAWNER = Path(__file__).with_name("spawner.py")
_SHOWN_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Command:
    """A process to start; the first of the arguments is the path of the program."""

    arguments: tuple[str, ...]
    cwd: str
    environment: dict[str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement, of all commands and their descendants.

    `seconds` by the clock; `cpu_seconds` on all processors, which a busy machine changes less; `peak_kib`
    the largest resident size among the processes, not their sum.
    """

    seconds: float
    cpu_seconds: float
    peak_kib: int


class Spawner:
    """Runs commands and measures them; their output is set aside in a file for when they fail."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_SPAWNER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that it can be ended together with what it measures
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.communicate()

    def run(self, commands: Sequence[Command]) -> Run:
        """Run the commands one after the other. Raises BenchmarkError when one fails."""
        self._output.unlink(missing_ok=True)
        answer = self._ask({"commands": [asdict(one) for one in commands], "output": str(self._output)})
        if failed := answer["failed"]:
            command = " ".join(failed["arguments"])
            raise BenchmarkError(f"{command}: exit code {failed['status']}\n{self.output()}")
        return Run(answer["seconds"], answer["cpu_seconds"], answer["peak_kib"])

    def output(self) -> str:
        """The end of what the last commands wrote."""
        return self._output.read_text(errors="replace")[-_SHOWN_CHARACTERS:]

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise BenchmarkError("the spawner was started without pipes")
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer
