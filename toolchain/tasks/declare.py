"""`@task` as this project uses it: an error of the toolchain ends the run with its text and exit code 1."""

import errno
import functools
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Concatenate

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import Task

from toolchain.errors import ToolchainError
from toolchain.project import Project
from toolchain.tasks.options import CheckedTask
from toolchain.tasks.positional import before_help, is_given

# Of a write. Files that are opened have their name in the error, and are reported by whoever writes them.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

type Body[**P] = Callable[Concatenate[Context, P], None]


def project() -> Project:
    """The checkout this toolchain is part of, whatever directory invoke was started in."""
    return Project(Path(__file__).resolve().parents[2])


def _positional(task: str, body: Callable[..., None], optional: str | None) -> list[str]:
    """Parameters that this command line gives by position: those without a default, or the optional one."""
    parameters = list(inspect.signature(body).parameters.values())[1:]
    names = [one.name for one in parameters if one.annotation is not bool]
    valued = {f"--{name.replace('_', '-')}" for name in names} | {f"-{name[0]}" for name in names}
    required = [one.name for one in parameters if one.default is inspect.Parameter.empty]
    is_optional = optional is not None and is_given(task, sys.argv, valued)
    found = [optional] if optional is not None and is_optional else required
    return found[: before_help(task, sys.argv, valued)]


def _let_go_of_output() -> None:
    """Nobody takes what is printed any more, as `head` when it has enough, or a full disk."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())  # else Python complains when it flushes at the end


def task[**P](
    *,
    name: str | None = None,
    help: Mapping[str, str] | None = None,  # noqa: A002 - invoke's word
    optional: str | None = None,
    iterable: Iterable[str] | None = None,
) -> Callable[[Body[P]], Task[Body[P]]]:
    """Declare a task; the options are those of `invoke.task` (`name`: if not the function's).

    `optional` is the parameter that may be given by its position, or left out.

    >>> @task(help={"name": "the function"})
    ... def greet(_: Context, name: str) -> None: ...
    """

    def declare(body: Body[P]) -> Task[Body[P]]:
        @functools.wraps(body)
        def run(context: Context, *args: P.args, **kwargs: P.kwargs) -> None:
            try:
                body(context, *args, **kwargs)
                sys.stdout.flush()
            except ToolchainError as error:
                raise Exit(str(error), code=1) from error
            except BrokenPipeError:
                _let_go_of_output()
            except OSError as error:
                if error.errno not in _NO_ROOM or error.filename:
                    raise
                _let_go_of_output()
                raise Exit(f"what this prints can't be written: {error.strerror}", code=1) from error

        positional = _positional(name or body.__name__.replace("_", "-"), body, optional)
        return CheckedTask(run, name=name, help=dict(help or {}), positional=positional, iterable=iterable)

    return declare
