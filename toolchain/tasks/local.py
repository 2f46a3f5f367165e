"""`invoke up`, and the commands about what it runs."""

import sys

from invoke.context import Context

from toolchain.tasks.declare import project, task


@task(
    help={
        "port": "of the API; the next free one if it is taken (default: 8000)",
        "detach": "run in the background; `invoke down` ends it",
        "reload": "edits of source count at once (--no-reload: they do not)",
    }
)
def up(_: Context, port: int = 8000, *, detach: bool = False, reload: bool = True) -> None:
    """Run the whole platform on this machine: API, Cognito, functions, database, AWS endpoint."""
    from toolchain.local.up import commands

    commands.up(project(), commands.Choices(port, detach, reload), sys.stdout)


@task()
def down(_: Context) -> None:
    """End what `invoke up --detach` started."""
    from toolchain.local.up import commands

    commands.down(project(), sys.stdout)


@task()
def status(_: Context) -> None:
    """Show what `invoke up` runs in this checkout."""
    from toolchain.local.up import commands

    commands.status(project(), sys.stdout)


@task(
    name="logs",
    optional="name",
    help={
        "name": "a function; default: all",
        "access": "the API's access log instead: a line for each request",
        "follow": "go on until Ctrl-C",
        "stage": "of the functions deployed there, from CloudWatch; default: those that `invoke up` runs",
        "minutes": "how far to look back, with --stage (default: 60)",
    },
)
def show_logs(
    _: Context,
    name: str | None = None,
    *,
    access: bool = False,
    follow: bool = False,
    stage: str | None = None,
    minutes: int = 0,
) -> None:
    """Print what functions have logged, or which requests the API has had."""
    if stage:
        from toolchain.deploy.releases import commands

        commands.logs(project(), stage, commands.Lines(name, access, minutes or 60, follow), sys.stdout)
        return
    from toolchain.local.up import logs

    logs.show(project(), logs.Choice(name, access, minutes), sys.stdout, follow=follow)


@task(name="db-shell", optional="sql", help={"sql": "a statement to run; default: ask for statements"})
def database_shell(_: Context, sql: str | None = None) -> None:
    """Talk SQL to the private MariaDB."""
    from toolchain.local.up import database

    database.shell(project(), sql, sys.stdin, sys.stdout)


@task(name="db-reset")
def database_reset(_: Context) -> None:
    """Empty the private MariaDB."""
    from toolchain.local.up import database

    database.reset(project(), sys.stdout)
