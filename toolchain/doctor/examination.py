"""Asks programs for their versions and compares them with what is needed."""

import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from toolchain.errors import MissingToolError
from toolchain.local.mariadb import Program

type ReadOutput = Callable[[Sequence[str]], str | None]
"""What a program prints; None if it is not there or fails."""

_VERSION = re.compile(r"\d+(?:\.\d+)+")


class Status(StrEnum):
    """Whether a need is met; what is optional can't be missing."""

    OK = "ok"
    MISSING = "missing"
    UNSUITABLE = "unsuitable"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Need:
    """A program, the command that prints its version, and what is needed of it.

    `version` is a minimum, or with `is_series` the beginning of what the version must be: 3.13 allows 3.13.7.
    """

    name: str
    command: tuple[str, ...]
    purpose: str
    get: str
    version: tuple[int, ...] = ()
    is_series: bool = False
    is_optional: bool = False

    @property
    def wanted(self) -> str:
        """In words: `3.13`, `1.11 or newer`, `any version`."""
        version = ".".join(map(str, self.version))
        if not version:
            return "any version"
        return version if self.is_series else f"{version} or newer"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found; `get` says how to get what is missing."""

    name: str
    status: Status
    found: str | None
    wanted: str
    purpose: str
    get: str


def examine(need: Need, read: ReadOutput) -> Finding:
    """The first version number that the program prints decides."""
    match = _VERSION.search(read(need.command) or "")
    found = match[0] if match else None
    return Finding(need.name, _status(need, found), found, need.wanted, need.purpose, need.get)


def examine_mariadb(
    find: Callable[[], Program], oldest: tuple[int, ...], how_to_get: Callable[[], str]
) -> Finding:
    """MariaDB's server is looked for by toolchain.local.mariadb, which also knows where it hides.

    `how_to_get` is asked only if there is none.
    """
    need = Need("MariaDB server", (), "database, integration tests", "", oldest)
    try:
        found, status, get = find().version, Status.OK, ""
    except MissingToolError as error:
        found, status, get = None, Status.MISSING, f"{error}; {how_to_get()}"
    return Finding(need.name, status, found, need.wanted, need.purpose, get)


def read_output(command: Sequence[str]) -> str | None:
    """Run the command, without a terminal to ask at."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout + done.stderr if done.returncode == 0 else None


def _status(need: Need, found: str | None) -> Status:
    if found is None:
        return Status.OPTIONAL if need.is_optional else Status.MISSING
    version = tuple(map(int, found.split(".")))
    compared = version[: len(need.version)] == need.version if need.is_series else version >= need.version
    return Status.OK if compared else Status.UNSUITABLE
