"""`invoke run-local`."""

import os
import sys
from collections.abc import Sequence

from invoke.context import Context

from toolchain.tasks.declare import project, task


@task(
    iterable=["env"],
    help={
        "name": "the function: its folder's name",
        "event": "a case under events/NAME/, a file, or - for stdin; default: events/NAME.json",
        "env": "NAME=VALUE, for the function; repeatable",
        "database": "run without the private MariaDB (--no-database)",
        "debug": "breakpoint() works, and there is no timeout",
    },
)
def run_local(
    _: Context,
    name: str,
    event: str | None = None,
    env: Sequence[str] | None = None,
    *,
    database: bool = True,
    debug: bool = False,
) -> None:
    """Run a function on this machine: its result on stdout, its log on stderr."""
    from toolchain.local import runner
    from toolchain.local.run.environment import parse_overrides

    options = runner.Options(event, parse_overrides(env or ()), database, debug)
    result = runner.run_local(project(), name, options, os.environ, runner.log_to_stderr)
    runner.write_result(result, sys.stdout)
