"""`invoke bootstrap`, `plan`, `deploy`, `outputs`, `drift`, `destroy` and `unlock`."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from invoke.context import Context
from invoke.exceptions import Exit

from toolchain.project import cache_directory
from toolchain.tasks.declare import project, task

if TYPE_CHECKING:
    from toolchain.deploy.commands import Console

_STAGE = "a file in terraform/stages/, without .tfvars"
_DRIFTED = 2


@task(help={"stage": _STAGE})
def bootstrap(_: Context, stage: str) -> None:
    """Make the bucket of the states of a stage's account: once, before the first deploy."""
    from toolchain.deploy import commands

    commands.bootstrap(project(), stage, _console())


@task(help={"stage": _STAGE, "json": "print one JSON document", "out": "save the plan for `deploy --plan`"})
def plan(_: Context, stage: str, out: str | None = None, *, json: bool = False) -> None:
    """Show what `deploy` would change: what, why, and with what risk."""
    from toolchain.deploy import commands

    commands.plan(project(), stage, out, _console(), as_json=json)


@task(
    iterable=["allow_replace"],
    help={
        "stage": _STAGE,
        "yes": "do not ask",
        "function": "deploy this function alone",
        "plan": "apply this saved plan, with the packages in dist/",
        "allow-replace": "the address of what may be deleted or replaced though it holds data; repeatable",
    },
)
def deploy(
    _: Context,
    stage: str,
    function: str | None = None,
    plan: str | None = None,
    allow_replace: Sequence[str] | None = None,
    *,
    yes: bool = False,
) -> None:
    """Bring a stage to what this checkout says: build, plan, guard, apply, migrate, release, test."""
    from toolchain.deploy import commands

    choices = commands.Choices(yes, function, plan, tuple(allow_replace or ()))
    commands.deploy(project(), stage, choices, _console())


@task(help={"stage": _STAGE, "format": "env, json, or amplify (the argument of Amplify.configure)"})
def outputs(_: Context, stage: str, format: str = "env") -> None:  # noqa: A002  the option's name
    """Print where a stage is: the API's URL, the user pool's ids, ..."""
    from toolchain.deploy import commands

    commands.outputs(project(), stage, format, _console())


@task(help={"stage": _STAGE})
def drift(_: Context, stage: str) -> None:
    """Show what was changed by others than Terraform; exit code 2 if anything was."""
    from toolchain.deploy import commands

    if commands.drift(project(), stage, _console()):
        raise Exit(code=_DRIFTED)


@task(help={"stage": _STAGE, "yes": "do not ask for its name"})
def destroy(_: Context, stage: str, *, yes: bool = False) -> None:
    """Delete everything of a stage that is not protected, after its name was typed."""
    from toolchain.deploy import commands

    commands.destroy(project(), stage, _console(), yes=yes)


@task(help={"stage": _STAGE, "yes": "do not ask"})
def unlock(_: Context, stage: str, *, yes: bool = False) -> None:
    """Remove the lock that a deploy has left which was killed."""
    from toolchain.deploy import commands

    commands.unlock(project(), stage, _console(), yes=yes)


def _console() -> "Console":
    from toolchain.deploy.commands import Console

    return Console(os.environ, cache_directory(os.environ))
