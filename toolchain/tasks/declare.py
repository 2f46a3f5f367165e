"""`@task` as this project uses it: an error of the toolchain ends the run with its text and exit code 1."""

import errno
import functools
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Concatenate

from invoke.context import Context
from invoke.exceptions import Exit, ParseError
from invoke.parser.argument import Argument
from invoke.tasks import Task

from toolchain.errors import ToolchainError
from toolchain.project import Project
from toolchain.tasks.positional import is_given

# Of a write. Files that are opened have their name in the error, and are reported by whoever writes them.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

type Body[**P] = Callable[Concatenate[Context, P], None]


def project() -> Project:
    """The checkout this toolchain is part of, whatever directory invoke was started in."""
    return Project(Path(__file__).resolve().parents[2])


class _Number(Argument):
    """A number that is none is an error of the command line; invoke itself shows a traceback."""

    def set_value(self, value: Any, cast: bool = True) -> None:  # noqa: ANN401, FBT001, FBT002 - as invoke's
        try:
            super().set_value(value, cast)
        except ValueError as error:
            raise ParseError(f"--{self.name} is {value!r}; use a whole number") from error


class _Task[Called: Callable[..., None]](Task[Called]):
    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:  # noqa: FBT001 - as invoke's
        return [_checked(argument) for argument in super().get_arguments(ignore_unknown_help)]


def _checked(argument: Argument) -> Argument:
    if argument.kind is not int:
        return argument
    return _Number(
        names=argument.names,
        kind=int,
        default=argument.default,
        help=argument.help,
        positional=argument.positional,
        attr_name=argument.attr_name,
    )


def _optional(parameter: str, task: str, body: Callable[..., None]) -> list[str]:
    """The parameter, if this command line gives it by position."""
    names = [name for name, of in inspect.signature(body).parameters.items() if of.annotation is not bool]
    valued = {f"--{name}" for name in names} | {f"-{name[0]}" for name in names}
    return [parameter] if is_given(task, sys.argv, valued) else []


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

        positional = None if optional is None else _optional(optional, name or body.__name__, body)
        return _Task(run, name=name, help=dict(help or {}), positional=positional, iterable=iterable)

    return declare
