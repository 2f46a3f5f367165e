"""`@task` as this project uses it: an error of the toolchain ends the run with its text and exit code 1."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from invoke.exceptions import Exit
from invoke.tasks import Task
from invoke.tasks import task as invoke_task

from toolchain.errors import ToolchainError
from toolchain.project import Project


def project() -> Project:
    """The checkout this toolchain is part of, whatever directory invoke was started in."""
    return Project(Path(__file__).resolve().parents[2])


def task(**options: Any) -> Callable[[Callable[..., None]], Task[Any]]:
    """Declare a task; `options` are those of `invoke.task`.

    >>> @task(help={"name": "the function"})
    ... def greet(_: Context, name: str) -> None: ...
    """

    def declare(body: Callable[..., None]) -> Task[Any]:
        @functools.wraps(body)
        def run(*args: Any, **kwargs: Any) -> None:
            try:
                body(*args, **kwargs)
            except ToolchainError as error:
                raise Exit(str(error), code=1) from error

        return invoke_task(run, **options)

    return declare
