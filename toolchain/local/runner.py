"""Runs one function on one event: what `invoke run-local` and `python -m functions.NAME.handler` do."""

import argparse
import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from toolchain.errors import EventError, FunctionError, ToolchainError
from toolchain.local.place import Place
from toolchain.local.run.dependencies import ensure_dependencies, install_with_uv
from toolchain.local.run.environment import (
    ACCOUNT_ID,
    Variables,
    function_environment,
    log_stream_name,
    parse_overrides,
)
from toolchain.local.run.event import read_event
from toolchain.local.run.hints import hint
from toolchain.local.run.invocation import Failure, Invocation, invoke
from toolchain.local.run.packed import packed_names
from toolchain.local.run.process import FunctionProcess, Setup
from toolchain.manifest import Function, read_function
from toolchain.project import Project
from toolchain.signals import unwinding

type Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: `event` as in read_event; `overrides` of the environment; whether to start the database."""

    event: str | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    database: bool = True
    debug: bool = False


def run_local(project: Project, name: str, options: Options, shell: Mapping[str, str], log: Log) -> bytes:
    """The function's result; `log` gets the lines that tell about the run.

    It is JSON, unless the handler returned bytes.
    Raises ToolchainError: a FunctionError if the function failed. SIGINT and SIGTERM raise SystemExit.
    """
    with unwinding(debug=options.debug):
        function = read_function(project, name)
        event = _read_event(project, name, options)
        dependencies = ensure_dependencies(project, name, install_with_uv(project, log), time.time())
        with _database(project, function, options, log) as database:
            variables = Variables(shell, database, options.overrides)
            setup = _setup(project, function, variables, dependencies, debug=options.debug)
            with FunctionProcess(setup) as process:
                invocation = _invocation(function, event, setup)
                outcome = invoke(process, invocation, memory_mb=function.memory_mb, log=log)
    if isinstance(outcome, Failure):
        raise FunctionError(_explain(outcome, project, name))
    return outcome


def main(module: str, arguments: Sequence[str] | None = None) -> int:
    """`python -m functions.create_user.handler [--event ...]`: the exit code. `module` is `__spec__.name`.

    The module that Python has started is not the function: that runs under its own name, in a process
    with the environment and the packages of the function.
    """
    parsed = _parser(module).parse_args(arguments)
    project = Project(Path(__file__).resolve().parents[2])
    try:
        options = Options(parsed.event, parse_overrides(parsed.env), parsed.database, parsed.debug)
        result = run_local(project, module.split(".")[1], options, os.environ, log_to_stderr)
    except ToolchainError as error:
        log_to_stderr(str(error))
        return 1
    try:
        write_result(result, sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        log_to_stderr(f"the result can't be written: {error.strerror}")
        os._exit(1)  # Python would try to write it once more
    return 0


def write_result(result: bytes, output: TextIO) -> None:
    """Indented; bytes that a handler returned need not be JSON, nor text, and stay as they are."""
    try:
        shown = json.dumps(json.loads(result.decode()), indent=2, ensure_ascii=False) + "\n"
    except ValueError:
        output.flush()
        output.buffer.write(result)
    else:
        output.write(shown)


def log_to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _read_event(project: Project, name: str, options: Options) -> dict[str, Any]:
    if options.debug and options.event == "-":
        raise EventError(
            "--event -: the debugger needs the standard input; give a file, or leave out --debug"
        )
    return read_event(project, name, options.event, read_stdin=_read_stdin, directory=Path.cwd())


def _read_stdin() -> bytes:
    return sys.stdin.buffer.read() if sys.stdin else b""  # None: closed


@contextmanager
def _database(
    project: Project, function: Function, options: Options, log: Log
) -> Iterator[Mapping[str, str]]:
    """The DATABASE_* variables of the private server, running and migrated; none for a function without."""
    if function.database == "none" or not options.database:
        yield {}
        return
    from toolchain.local.mariadb import migrated_database

    with migrated_database(project, announce=log) as server:
        yield server.environment(function.database)


def _setup(
    project: Project, function: Function, variables: Variables, dependencies: Path | None, *, debug: bool
) -> Setup:
    log_stream = log_stream_name(datetime.now(UTC), uuid.uuid4())
    environment = function_environment(function, variables, task_root=project.root, log_stream=log_stream)
    return Setup(project.root, environment, packed_names(project, function), dependencies, debug)


def _invocation(function: Function, event: Mapping[str, Any], setup: Setup) -> Invocation:
    return Invocation(
        event,
        request_id=str(uuid.uuid4()),
        function_arn=Place(ACCOUNT_ID, setup.environment["AWS_REGION"]).function_arn(function.name),
        timeout_seconds=function.timeout_seconds,
        debug=setup.debug,
    )


def _explain(failure: Failure, project: Project, name: str) -> str:
    from importlib.metadata import packages_distributions

    reason = f"{failure.error_type}: {failure.message}" if failure.message else failure.error_type
    advice = hint(failure, project, name, packages_distributions)
    return f"{name} failed: {reason}\n{advice}" if advice else f"{name} failed: {reason}"


def _parser(module: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description="Run the function on an event.")
    parser.add_argument("--event", metavar="CASE|FILE|-", help="a case under events/, a file, or - for stdin")
    parser.add_argument("--env", metavar="NAME=VALUE", action="append", default=[], help="repeatable")
    parser.add_argument("--no-database", dest="database", action="store_false", help="start no database")
    parser.add_argument("--debug", action="store_true", help="breakpoint() works, and there is no timeout")
    return parser
