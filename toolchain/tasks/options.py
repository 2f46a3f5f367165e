"""invoke's tasks, with options that say in one line what is wrong with their values."""

import re
from collections.abc import Callable
from typing import Any, override

from invoke.exceptions import ParseError
from invoke.parser.argument import Argument
from invoke.tasks import Task


class WholeNumber(Argument):
    """An option that counts something; invoke itself answers other values with a traceback."""

    @override
    def set_value(self, value: Any, cast: bool = True) -> None:
        if cast and not re.fullmatch("[0-9]{1,9}", value):
            example = f", such as {self.default}" if self.default else ""
            raise ParseError(f"--{self.names[0]} is {value!r}; use a whole number{example}")
        super().set_value(value, cast=cast)


class CheckedTask[Body: Callable[..., Any]](Task[Body]):
    """A task whose numbers are checked. No option is `-h`, which asks for help."""

    @override
    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        return [_checked(one) for one in super().get_arguments(ignore_unknown_help)]

    @override
    def arg_opts(self, name: str, default: str, taken_names: set[str]) -> dict[str, Any]:
        return super().arg_opts(name, default, {*taken_names, "h"})


def _checked(argument: Argument) -> Argument:
    if argument.kind is not int:
        return argument
    return WholeNumber(
        names=argument.names,
        kind=int,
        default=argument.default,
        help=argument.help,
        attr_name=argument.attr_name,
    )
