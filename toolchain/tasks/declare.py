"""`@task` as this project uses it: an error of the toolchain ends the run with its text and exit code 1."""

import functools
from collections.abc import Callable
from typing import Any

import invoke

from toolchain.errors import ToolchainError


def task(**options: Any) -> Callable[[Callable[..., None]], invoke.Task[Any]]:
    """Declare a task; `options` are those of `invoke.task`.

    >>> @task(help={"name": "the function"})
    ... def greet(_: invoke.Context, name: str) -> None: ...
    """

    def declare(body: Callable[..., None]) -> invoke.Task[Any]:
        @functools.wraps(body)
        def run(*args: Any, **kwargs: Any) -> None:
            try:
                body(*args, **kwargs)
            except ToolchainError as error:
                raise invoke.Exit(str(error), code=1) from error

        return invoke.task(run, **options)

    return declare
