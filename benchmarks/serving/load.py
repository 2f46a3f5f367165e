"""Makes requests, as fast as they are answered, from a process of its own: the same for everybody.

wrk if it is installed (Debian has a package of that name), as it takes a few microseconds a request; else
client_script.py, a small client on uvloop, which takes more of the machine, and so makes everybody slower.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchmarkError

_CLIENT = Path(__file__).with_name("client_script.py")
_UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
_REQUESTS = re.compile(r"(\d+) requests in ([\d.]+)(us|ms|s|m)\b")
_MEDIAN = re.compile(r"^\s+50%\s+([\d.]+)(us|ms|s)", re.MULTILINE)
_FAILED = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: good answers, in how many seconds, and half of them within `p50_ms`."""

    requests: int
    seconds: float
    p50_ms: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True, slots=True)
class Target:
    """Where to."""

    url: str
    headers: Mapping[str, str]


type Generate = Callable[[Target, int, float], Load]
"""Takes the number of connections and the seconds. Raises BenchmarkError for any answer that is not good."""


def find_generator() -> tuple[str, Generate]:
    """What there is, and what it is called."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return "client_script.py (wrk is not installed)", run_client
    return "wrk", lambda target, connections, seconds: _run_wrk(wrk, target, connections, seconds)


def _run_wrk(wrk: str, target: Target, connections: int, seconds: float) -> Load:
    headers = [each for name, value in target.headers.items() for each in ("-H", f"{name}: {value}")]
    how = ("-t1", f"-c{connections}", f"-d{max(round(seconds), 1)}s", "--latency", "--timeout=10s")
    return parse_wrk(_output([wrk, *how, *headers, target.url]))


def parse_wrk(text: str) -> Load:
    """What wrk has printed, as numbers. Raises BenchmarkError."""
    done, median = _REQUESTS.search(text), _MEDIAN.search(text)
    if failed := _FAILED.search(text):
        raise BenchmarkError(f"wrk: {failed[0]}")
    if done is None or median is None:
        raise BenchmarkError(f"that is not of wrk:\n{text}")
    seconds = float(done[2]) * (60 if done[3] == "m" else _UNITS_MS[done[3]] / 1000)
    return Load(int(done[1]), seconds, float(median[1]) * _UNITS_MS[median[2]])


def run_client(target: Target, connections: int, seconds: float) -> Load:
    """The load of client_script.py. Raises BenchmarkError."""
    options = {"url": target.url, "headers": dict(target.headers), "connections": connections}
    answer = _output([sys.executable, str(_CLIENT), json.dumps({**options, "seconds": seconds})])
    return Load(**json.loads(answer))


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{command[0]}: exit code {done.returncode}\n{done.stderr or done.stdout}")
    return done.stdout
