"""`@task` as this project uses it: an error of the toolchain ends the run with its text and exit code 1."""

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Concatenate

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import Task

from toolchain.errors import ToolchainError
from toolchain.project import Project

type Body[**P] = Callable[Concatenate[Context, P], None]


def project() -> Project:
    """The checkout this toolchain is part of, whatever directory invoke was started in."""
    return Project(Path(__file__).resolve().parents[2])


def task[**P](
    *,
    name: str | None = None,
    help: Mapping[str, str] | None = None,  # noqa: A002 - invoke's word
    positional: Iterable[str] | None = None,
    iterable: Iterable[str] | None = None,
) -> Callable[[Body[P]], Task[Body[P]]]:
    """Declare a task; the options are those of `invoke.task` (`name`: if not the function's).

    >>> @task(help={"name": "the function"})
    ... def greet(_: Context, name: str) -> None: ...
    """

    def declare(body: Body[P]) -> Task[Body[P]]:
        @functools.wraps(body)
        def run(context: Context, *args: P.args, **kwargs: P.kwargs) -> None:
            try:
                body(context, *args, **kwargs)
            except ToolchainError as error:
                raise Exit(str(error), code=1) from error

        return Task(run, name=name, help=dict(help or {}), positional=positional, iterable=iterable)

    return declare
