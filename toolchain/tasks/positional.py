"""Arguments that may be left out: `invoke test` and `invoke test unit`.

invoke asks for every positional argument, so one that may be left out is declared positional only when
the command line has it.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise


def is_given(task: str, arguments: Sequence[str], valued: Collection[str]) -> bool:
    """Whether a command line has a word for the task that is neither an option nor an option's value.

    `valued` are the options of the task that take a value: `{"-k", "--trigger"}`.

    >>> is_given("test", ["invoke", "test", "-k", "users", "unit"], {"-k"})
    True
    """
    if task not in arguments[1:]:
        return False
    words = ["", *arguments[arguments.index(task, 1) + 1 :]]
    return any(not word.startswith("-") and before not in valued for before, word in pairwise(words))
