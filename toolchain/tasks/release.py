"""`invoke rollback`, `releases`, `migrate` and `invoke-remote`: what concerns a stage that was deployed."""

import sys

from invoke.context import Context

from toolchain.tasks.declare import project, task

_STAGE = "the stage: the name of a file in terraform/stages/"


@task(help={"stage": _STAGE, "to": "a release, or how its id begins; default: the one before"})
def rollback(_: Context, stage: str, to: str | None = None) -> None:
    """Go back to a release that was live: only aliases move, so it takes seconds."""
    from toolchain.deploy.releases import commands

    commands.rollback(project(), stage, to, sys.stdout)


@task(help={"stage": _STAGE, "limit": "how many (default: 20)", "json": "print one JSON document"})
def releases(_: Context, stage: str, limit: int = 20, *, json: bool = False) -> None:
    """Show what has been released, the latest first."""
    from toolchain.deploy.releases import commands

    commands.releases(project(), stage, limit, sys.stdout, as_json=json)


@task(help={"stage": _STAGE, "dry-run": "change nothing; show what is pending"})
def migrate(_: Context, stage: str, *, dry_run: bool = False) -> None:
    """Have the released code migrate the stage's database; `invoke deploy` does so by itself."""
    from toolchain.deploy.releases import commands

    commands.migrate(project(), stage, sys.stdout, dry_run=dry_run)


@task(
    name="invoke-remote",
    help={
        "name": "the function: its folder's name",
        "stage": _STAGE,
        "event": "a case under events/NAME/, a file, or - for stdin; default: events/NAME.json",
        "qualifier": "a version or an alias (default: live, the released one)",
    },
)
def invoke_remote(
    _: Context, name: str, stage: str, event: str | None = None, qualifier: str = "live"
) -> None:
    """Run a deployed function: its result on stdout, the end of its log on stderr."""
    from toolchain.deploy.releases import commands

    call = commands.RemoteCall(name, event, qualifier)
    commands.invoke_remote(project(), stage, call, sys.stdout)
