"""Names a function can have: it is a Python package, a key in Terraform, and part of names on AWS."""

import keyword
import re
from collections.abc import Iterator

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
