"""Options of tasks: what is wrong with a value is one line."""

import pytest
from invoke.context import Context
from invoke.exceptions import ParseError

from toolchain.tasks.options import CheckedTask


def _look(_: Context, host: str, *, limit: int = 20) -> None:
    """A task."""


def test_a_number_is_read() -> None:
    _, limit = CheckedTask(_look).get_arguments()
    limit.value = "7"
    value: object = limit.value  # which is not the text that was set
    assert value == 7
    assert limit.names == ("limit", "l")


@pytest.mark.parametrize("value", ["abc", "", "-1", "1.5", "9" * 10])
def test_what_is_no_number(value: str) -> None:
    _, limit = CheckedTask(_look).get_arguments()
    with pytest.raises(ParseError) as error:
        limit.value = value
    assert str(error.value) == f"--limit is {value!r}; use a whole number, such as 20"


def test_h_is_left_to_help() -> None:
    """Other options have the first letter of theirs that is free."""
    host, _ = CheckedTask(_look).get_arguments()
    assert host.names == ("host", "o")
