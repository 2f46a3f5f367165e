"""Names a function can have: it is a Python package, a key in Terraform, and part of names on AWS."""

import difflib
import keyword
import re
from collections.abc import Collection, Iterator

# The rest of Lambda's 64 characters is for the project's name and the stage.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def name_problems(name: str) -> Iterator[str]:
    """Why a function can't have this name."""
    if not _NAME.fullmatch(name):
        yield (
            f"{name!r} can't be a function's name; "
            "use a lowercase letter, then lowercase letters, digits and _, at most 40"
        )
    if keyword.iskeyword(name):
        yield f"{name!r} can't be a function's name, it is a keyword of Python; use another"


def did_you_mean(name: str, names: Collection[str]) -> str | None:
    """`did you mean 'health'?`, if one of the names is close."""
    close = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {close[0]!r}?" if close else None
