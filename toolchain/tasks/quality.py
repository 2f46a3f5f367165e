"""`invoke test`, `lint`, `format` and `doctor`."""

import sys

from invoke.context import Context
from invoke.exceptions import Exit

from toolchain import quality
from toolchain.tasks.declare import project, task


@task(
    name="test",
    optional="suite",
    help={
        "suite": "functions, unit, integration or e2e; default: all",
        "k": "only tests that match, as pytest's -k",
    },
)
def run_tests(_: Context, suite: str | None = None, k: str | None = None) -> None:
    """Run the tests; `invoke test [functions|unit|integration|e2e]`."""
    quality.provide_servers(suite)
    status = quality.run_in_foreground(quality.pytest_command(suite, k), project().root)
    if status:
        raise Exit(code=status)


@task()
def lint(_: Context) -> None:
    """Check style, format and types, and the shell scripts if ShellCheck is there."""
    quality.lint(project(), quality.run_tool)


@task(name="format")
def format_code(_: Context) -> None:
    """Sort imports and format the code."""
    quality.format_sources(project(), quality.run_tool)


@task(help={"json": "print one JSON document"})
def doctor(_: Context, *, json: bool = False) -> None:
    """Show what this project needs of this machine, and whether it is there."""
    from toolchain import doctor as doctors

    doctors.show(doctors.examine_machine(project(), doctors.read_output), sys.stdout, as_json=json)
