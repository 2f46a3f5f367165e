"""A server that runs: started, waited for, asked, and ended with all its processes."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.processes import Command
from benchmarks.serving.usage import Usage, measure, process_tree

_START_SECONDS = 60
_ANSWER_SECONDS = 10
_STOP_SECONDS = 15
_STEP_SECONDS = 0.005
_SHOWN_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Server:
    """`start_seconds` is from its start to its first good answer."""

    pid: int
    port: int
    start_seconds: float

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def get(self, path: str, headers: Mapping[str, str]) -> Any:  # noqa: ANN401 - it is JSON
        """The answer's content. Raises BenchmarkError unless it is a 200."""
        status, content = get(self.port, path, headers)
        if status != http.client.OK:
            raise BenchmarkError(f"/{path} answered {status}: {content[:200]!r}")
        return json.loads(content)

    def usage(self) -> Usage:
        return measure(self.pid)


def get(port: int, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and content, over a connection of its own. Raises OSError, HTTPException."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", f"/{path}", headers=dict(headers))
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: Command, port: int, output: Path) -> Iterator[Server]:
    """The server, once it has answered /plain. Raises BenchmarkError when it does not come to that."""
    started = time.perf_counter()
    with output.open("wb") as log:
        process = subprocess.Popen(
            command.arguments,
            cwd=command.cwd,
            env=command.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for_answer(process, port, started + _START_SECONDS, output)
        yield Server(process.pid, port, time.perf_counter() - started)
    finally:
        _stop(process)


def _wait_for_answer(process: subprocess.Popen[bytes], port: int, deadline: float, output: Path) -> None:
    while time.perf_counter() < deadline and process.poll() is None:
        try:
            status, _ = get(port, "plain", {})
        except (OSError, http.client.HTTPException):
            status = 0
        if status == http.client.OK:
            return
        time.sleep(_STEP_SECONDS)
    raise BenchmarkError(f"it does not serve:\n{output.read_text(errors='replace')[-_SHOWN_CHARACTERS:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does; what is left of its tree then is killed."""
    tree = process_tree(process.pid)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid in tree - {process.pid}:
        _kill_again(pid, tree)


def _kill_again(pid: int, tree: set[int]) -> None:
    """Whoever has ignored the end of its parent; unless the id is another process's by now."""
    if pid in tree and pid in process_tree(pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return
