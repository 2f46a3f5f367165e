"""Which words of the command line are positional arguments: of `invoke test` and `invoke test unit`.

invoke takes the next word for every positional argument that is missing, whatever the word is. So one that
may be left out is declared positional only when the command line has it, and so is each before `--help`.
"""

import itertools
from collections.abc import Collection, Sequence
from itertools import pairwise

_HELP = frozenset({"--help", "-h"})


def is_given(task: str, arguments: Sequence[str], valued: Collection[str]) -> bool:
    """Whether a command line has a word for the task that is neither an option nor an option's value.

    `valued` are the options of the task that take a value: `{"-k", "--trigger"}`.

    >>> is_given("test", ["invoke", "test", "-k", "users", "unit"], {"-k"})
    True
    """
    return bool(_words(_of_task(task, arguments), valued))


def before_help(task: str, arguments: Sequence[str], valued: Collection[str]) -> int | None:
    """How many such words there are before the task's `--help` or `-h`; None without one.

    >>> before_help("logs", ["invoke", "logs", "health", "--help"], {"--stage"})
    1
    """
    words = _of_task(task, arguments)
    if not _HELP & set(words):
        return None
    return len(_words(list(itertools.takewhile(lambda word: word not in _HELP, words)), valued))


def _of_task(task: str, arguments: Sequence[str]) -> Sequence[str]:
    return arguments[arguments.index(task, 1) + 1 :] if task in arguments[1:] else ()


def _words(arguments: Sequence[str], valued: Collection[str]) -> list[str]:
    return [
        word
        for before, word in pairwise(["", *arguments])
        if not word.startswith("-") and before not in valued
    ]
