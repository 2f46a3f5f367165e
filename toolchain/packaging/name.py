"""The project's name: what everything that is deployed is called after."""

import re
import tomllib

from toolchain.errors import BuildError
from toolchain.project import Project

_ALLOWED = re.compile(r"[a-z](?:-?[a-z0-9])*")
_LONGEST = 27
"""A bucket's name has at most 63 characters, and one is `<project>-<stage>-artifacts-<account id>`:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html. A stage has at most 12.
"""


def read_name(project: Project) -> str:
    """`[project] name` of pyproject.toml. Raises BuildError when there is none, or AWS would not take it."""
    try:
        content = tomllib.loads((project.root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BuildError(f"pyproject.toml can't be read: {reason}") from error
    table = content.get("project")
    return check_name(table.get("name") if isinstance(table, dict) else None)


def check_name(name: object) -> str:
    """The name, if it can be a part of all names on AWS."""
    if isinstance(name, str) and _ALLOWED.fullmatch(name) and len(name) <= _LONGEST:
        return name
    found = "missing" if name is None else repr(name)
    raise BuildError(
        f"pyproject.toml: [project] name is {found}; use at most {_LONGEST} lower-case letters, digits"
        " and single hyphens between them, a letter first: everything on AWS is called after it"
    )
