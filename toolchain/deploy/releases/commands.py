"""What `invoke rollback`, `releases`, `migrate`, `invoke-remote` and `logs --stage` do."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from toolchain.deploy.opening import open_stage
from toolchain.deploy.releases import console, migrating, remote
from toolchain.deploy.releases.attempt import alone
from toolchain.deploy.releases.aws import Cloud
from toolchain.deploy.releases.history import History
from toolchain.deploy.releases.rollback import roll_back
from toolchain.deploy.releases.services import LogEvent
from toolchain.deploy.releases.surroundings import surroundings
from toolchain.deploy.releases.target import ALIAS, Target
from toolchain.errors import ReleaseError
from toolchain.local.run.event import read_event
from toolchain.packaging.name import read_name
from toolchain.project import Project


def open_cloud(project: Project, stage_name: str) -> Cloud:
    """AWS, as the releases of a stage see it. Raises ToolchainError when there is no way to it."""
    stage, access = open_stage(project, stage_name, os.environ)
    return Cloud(Target(read_name(project), stage.name, stage.region, stage.account_id), access)


def rollback(project: Project, stage: str, to: str | None, output: TextIO) -> None:
    """Go back, and tell what happens."""
    started = time.perf_counter()
    done = roll_back(open_cloud(project, stage), to, surroundings(_say_to(output)))
    output.write(f"{done.rollback_to} is live on {stage} ({time.perf_counter() - started:.1f} s)\n")


def releases(project: Project, stage: str, limit: int, output: TextIO, *, as_json: bool) -> None:
    """Print the latest releases. Raises ReleaseError for a limit below 1."""
    if limit < 1:
        raise ReleaseError(f"--limit is {limit}; use 1 or more")
    history = History(open_cloud(project, stage).bucket)
    ids = history.ids()
    found = list(islice(history.read(ids), limit))
    if as_json:
        console.print_json(found, output)
    elif found:
        console.print_releases(found, len(ids) - len(found), output)
    else:
        output.write(f"there is no release of {stage} yet; `invoke deploy --stage {stage}` makes one\n")


def migrate(project: Project, stage: str, output: TextIO, *, dry_run: bool) -> None:
    """Have the live migrator migrate, or only tell what is pending.

    Raises ReleaseError when a migration fails, after what was applied, and what not, is printed.
    """
    cloud = open_cloud(project, stage)
    function = cloud.target.function_name(migrating.MIGRATOR)
    if dry_run:
        pending = migrating.pending(cloud.functions, function, ALIAS)
        output.writelines(f"pending: {name}\n" for name in pending or ["nothing"])
        return
    with alone(cloud, surroundings(_say_to(sys.stderr)), "migration", cloud.caller()):
        done = migrating.migrate(cloud.functions, function, ALIAS)
    output.writelines(f"applied: {name}\n" for name in done.applied or ([] if done.problem else ["nothing"]))
    output.writelines(f"not applied: {name}\n" for name in done.left)
    if done.problem:
        raise ReleaseError(f"the migration failed: {done.problem}")


@dataclass(frozen=True, slots=True)
class RemoteCall:
    """A function, the choice of an event as for `run-local`, and a version or alias."""

    name: str
    event: str | None
    qualifier: str


def invoke_remote(project: Project, stage: str, call: RemoteCall, output: TextIO) -> None:
    """Print the result alone, and the end of the log to stderr. Raises FunctionError when it failed.

    A function that is deployed though the checkout has it no more needs `--event`.
    """
    from toolchain.local.runner import write_result
    from toolchain.manifest.functions import ensure_function, function_names

    if call.event is None:
        ensure_function(project, call.name)
    event = read_event(project, call.name, call.event, read_stdin=_read_stdin, directory=Path.cwd())
    cloud = open_cloud(project, stage)
    answer = remote.invoke_remote(
        cloud.functions,
        cloud.target,
        remote.Call(call.name, call.qualifier, event),
        function_names(project),
    )
    sys.stderr.write(answer.log_tail.decode(errors="replace"))
    remote.check_answer(call.name, answer)
    write_result(answer.payload, output)


@dataclass(frozen=True, slots=True)
class Lines:
    """Which lines of logs: of one function or all, of the last minutes, and of what comes."""

    name: str | None
    is_access_log: bool
    minutes: int
    follow: bool


def logs(project: Project, stage: str, lines: Lines, output: TextIO) -> None:
    """Print what deployed functions have logged.

    Raises ReleaseError for one that is not deployed; without a name, only if none is.
    """
    if lines.is_access_log:
        raise ReleaseError("--access is for what `invoke up` runs; leave it out with --stage")
    from toolchain.manifest.functions import function_names

    cloud = open_cloud(project, stage)
    known = function_names(project)
    if lines.name:
        groups = remote.log_groups(cloud.functions, cloud.target, [lines.name], known)
    else:
        groups = remote.existing_log_groups(cloud.functions, cloud.target, known)
    since_ms = int((time.time() - 60 * lines.minutes) * 1000)
    tails = {name: remote.Tail(cloud.logs, group, since_ms) for name, group in groups.items()}
    is_empty = True
    for name, event in remote.follow(tails, go_on=lambda: lines.follow):
        output.write(_line(None if lines.name else name, event))
        output.flush()
        is_empty = False
    if is_empty:
        minutes = f"{lines.minutes} minutes"
        sys.stderr.write(f"nothing was logged in the last {minutes}; --minutes looks further back\n")


def _line(function: str | None, event: LogEvent) -> str:
    text = event.message.rstrip("\n")
    return f"{function}: {text}\n" if function else f"{text}\n"


def _say_to(output: TextIO) -> Callable[[str], None]:
    def say(line: str) -> None:
        output.write(f"{line}\n")
        output.flush()

    return say


def _read_stdin() -> bytes:
    return sys.stdin.buffer.read() if sys.stdin else b""  # None: closed
