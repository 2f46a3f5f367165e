"""Terraform, by way of python-terraform, whose quirks stay in here.

python-terraform makes the command lines. It does not run them: it reads output only at the end (with
`synchronous=False` it puts `-synchronous=false` on the command line); it gives the process this one's own
environment, and leaves it in the terminal's group, where Ctrl-C would reach it twice.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import python_terraform
from python_terraform import IsFlagged

from toolchain.deploy.failures import Circumstances, explain, lacks_workspace, needs_init
from toolchain.deploy.interrupts import Interrupts
from toolchain.deploy.stream import Diagnostic, Event, diagnostic_of, parse_event
from toolchain.errors import TerraformError

_POLL_SECONDS = 0.05
_LAUNCHER = Path(__file__).with_name("launch_script.py")
_HAS_CHANGES = 2
_FRAME = "╷│╵ "
"""What Terraform draws around an error where it has no -json for it."""

type Hear = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where Terraform works: `directory` is the root module, `files` are for logs and plans of one command.

    Another command at the same time must have another: a deploy applies the plan that it finds there.
    """

    directory: Path
    files: Path
    variables: Path
    environ: Mapping[str, str]
    circumstances: Circumstances

    @property
    def plan(self) -> Path:
        return self.files / "plan.tfplan"

    @property
    def process(self) -> Path:
        """Holds the process id of the Terraform that was started last."""
        return self.files / "terraform.pid"


class UninitializedError(TerraformError):
    """Terraform asks for `init`."""


class NoWorkspaceError(TerraformError):
    """There are other workspaces, but not this one yet."""


class Terraform:
    """The commands that a deploy needs, on one stage. Each raises TerraformError with what to do."""

    def __init__(self, program: str, workplace: Workplace, interrupts: Interrupts, hear: Hear) -> None:
        # It reads state files of the directory, of which there are none.
        self._commands = python_terraform.Terraform(
            working_dir=str(workplace.files), terraform_bin_path=program
        )
        self._workplace = workplace
        self._interrupts = interrupts
        self._hear = hear
        self._outputs: Mapping[str, Any] = {}

    def init(self, backend: Mapping[str, str]) -> None:
        """Install providers and modules, and point at the state.

        `init` does not make a workspace, and asks for another if there are some. The first plan makes it.
        """
        options = {"json": IsFlagged, "input": False, "reconfigure": IsFlagged}
        try:
            self._stream("init", backend_config=dict(backend), **options)
        except NoWorkspaceError:
            with self._in_workspace("default"):
                self._stream("init", backend_config=dict(backend), **options)

    def plan(
        self, out: Path, *, targets: Sequence[str] = (), refresh: bool = True, destroy: bool = False
    ) -> bool:
        """Save a plan; whether it changes anything. Without `refresh`, what the state says is believed."""
        variables = str(self._workplace.variables)
        flags = {"destroy": IsFlagged} if destroy else {}
        code = self._stream(
            "plan",
            json=IsFlagged,
            input=False,
            detailed_exitcode=IsFlagged,
            out=str(out),
            var_file=variables,
            target=list(targets),
            refresh=refresh,
            **flags,
        )
        out.chmod(0o600)  # it holds the values of everything
        return code == _HAS_CHANGES

    def apply(self, plan: Path) -> dict[str, Any]:
        """Apply a saved plan, and nothing else; the outputs after it, but for sensitive ones."""
        self._outputs = {}
        self._stream("apply", str(plan), json=IsFlagged, input=False)
        return {name: one["value"] for name, one in self._outputs.items() if "value" in one}

    def untaint(self, address: str) -> None:
        """Have Terraform keep a resource whose creation was left unfinished, and finish it in place."""
        self._read_text("untaint", address)

    def show(self, plan: Path) -> dict[str, Any]:
        """A saved plan as JSON: https://developer.hashicorp.com/terraform/internals/json-format."""
        found: dict[str, Any] = self._read("show", str(plan), json=IsFlagged)
        return found

    def outputs(self) -> dict[str, Any]:
        """The values of the root module's outputs, by their names."""
        return {name: output["value"] for name, output in self._read("output", json=IsFlagged).items()}

    def wait_for_orphan(self, say: Callable[[str], None]) -> None:
        """Wait for the Terraform of a deploy that was killed: it still finishes what it has begun."""
        if is_running(self._workplace):
            say("waiting for the Terraform of a deploy that was killed")
        while is_running(self._workplace):
            time.sleep(_POLL_SECONDS)

    def _stream(self, command: str, *arguments: str, **options: object) -> int:
        """Run a command that prints events; its output goes to a file, and from there to `hear`.

        A file, since Terraform dies from a pipe that nobody reads: it must outlive a deploy that is killed.
        """
        log = self._workplace.files / f"{command}.log"
        diagnostics: list[Diagnostic] = []
        with log.open("wb") as output:
            makes_things = command == "apply"
            line: list[str] = self._commands.generate_cmd_string(command, *arguments, **options)
            if not makes_things:
                line = [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), *line]
            starting = self._interrupts.process(lambda: self._start(line, output), makes_things=makes_things)
            with starting as process:
                self._workplace.process.write_text(str(process.pid), encoding="utf-8")
                for event in _events(process, log):
                    diagnostics += filter(None, [diagnostic_of(event)])
                    self._outputs = event["outputs"] if event["type"] == "outputs" else self._outputs
                    self._hear(event)
        if process.returncode not in (0, _HAS_CHANGES) or any(one.severity == "error" for one in diagnostics):
            raise _failure(diagnostics)(explain(diagnostics, self._workplace.circumstances))
        return process.returncode

    @contextmanager
    def _in_workspace(self, name: str) -> Iterator[None]:
        before = self._workplace
        self._workplace = replace(before, environ={**before.environ, "TF_WORKSPACE": name})
        try:
            yield
        finally:
            self._workplace = before

    def _read(self, command: str, *arguments: str, **options: object) -> Any:  # noqa: ANN401  raw JSON
        return json.loads(self._read_text(command, *arguments, **options))

    def _read_text(self, command: str, *arguments: str, **options: object) -> bytes:
        """Run a command that changes nothing but locks; what it prints."""
        line = self._commands.generate_cmd_string(command, *arguments, **options)
        done = subprocess.run(
            line,
            cwd=self._workplace.directory,
            env=self._workplace.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            lines = (str(parse_event(text)["@message"]) for text in done.stderr.splitlines())
            said = "\n".join(line.strip(_FRAME) for line in lines)
            error = Diagnostic("error", f"terraform {command} failed", said)
            raise TerraformError(explain([error], self._workplace.circumstances))
        return done.stdout

    def _start(self, line: Sequence[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            line,
            cwd=self._workplace.directory,
            env=self._workplace.environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _failure(diagnostics: Sequence[Diagnostic]) -> type[TerraformError]:
    if needs_init(diagnostics):
        return UninitializedError
    return NoWorkspaceError if lacks_workspace(diagnostics) else TerraformError


def is_running(workplace: Workplace) -> bool:
    """Whether the Terraform that was started last still runs: its command line names its files."""
    try:
        pid = int(workplace.process.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return str(workplace.files).encode() in _command_line(pid)


def _command_line(pid: int) -> bytes:
    """Of a process; empty when there is none. macOS has no /proc, and small containers no ps."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return b""
    return subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
    ).stdout


def _events(process: subprocess.Popen[bytes], log: Path) -> Iterator[Event]:
    """What a process writes to its log, until it has ended and everything was read."""
    with log.open("rb") as file:
        rest = b""
        while True:
            is_over = process.poll() is not None
            *lines, rest = (rest + file.read()).split(b"\n")
            yield from map(parse_event, filter(None, lines))
            if is_over:
                return
            time.sleep(_POLL_SECONDS)
