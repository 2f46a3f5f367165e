"""The MariaDB server program: where it is on this machine, and whether it will do."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import MissingToolError

OLDEST = (10, 6)  # DDL is atomic from there on, and lib.migrations relies on it

# Debian has servers in /usr/sbin, which isn't on a user's PATH; Homebrew's versioned formulas are on no PATH.
_DIRECTORIES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec")
_FORMULAS = ("/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt")


@dataclass(frozen=True, slots=True)
class Program:
    """A server that will do: `version` is "10.11.8"."""

    path: Path
    version: str

    @property
    def series(self) -> str:
        """Data directories are interchangeable within a series: "10.11"."""
        return series_of(self.version)


def series_of(version: str) -> str:
    """Shorten "10.11.8" to "10.11"."""
    return ".".join(version.split(".")[:2])


def find_program(search_path: str | None = None, homes: tuple[Path, ...] | None = None) -> Program:
    """The first server on `search_path` (PATH, when None) or in `homes` (the usual places) that will do.

    Raises MissingToolError, which says why each program that was found will not do.
    """
    refusals = []
    for path in _candidates(search_path, _usual_homes() if homes is None else homes):
        program = read_program(path)
        if isinstance(program, Program):
            return program
        refusals.append(program)
    raise MissingToolError(
        "MariaDB's server (mariadbd) is not installed" + "".join(f"; {r}" for r in refusals)
    )


def read_program(path: Path) -> Program | str:
    """Ask the program for its version: a Program, or why it will not do."""
    try:
        answer = subprocess.run(
            [path, "--no-defaults", "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{path} can't be run: {error}"
    return parse_version(path, answer.stdout or answer.stderr)


def parse_version(path: Path, text: str) -> Program | str:
    """Accept `mariadbd  Ver 10.11.8-MariaDB for ...`; refuse Oracle's `mysqld  Ver 8.4.3 for ...`."""
    found = re.search(r"Ver (\d+)\.(\d+)\.(\d+)(\S*)", text)
    if not found:
        return f"{path} doesn't say its version"
    version = ".".join(found.group(1, 2, 3))
    if "mariadb" not in found.group(4).lower():
        return f"{path} is MySQL {version}, not MariaDB"
    if (int(found[1]), int(found[2])) < OLDEST:
        return f"{path} is MariaDB {version}, older than {'.'.join(map(str, OLDEST))}"
    return Program(path, version)


def _usual_homes() -> tuple[Path, ...]:
    formulas = (home for prefix in _FORMULAS for home in sorted(Path(prefix).glob("mariadb*/bin")))
    return (*map(Path, _DIRECTORIES), *formulas)


def _candidates(search_path: str | None, homes: tuple[Path, ...]) -> Iterator[Path]:
    places = (search_path, *map(str, homes))
    seen = set()
    for name in ("mariadbd", "mysqld"):
        for place in places:
            found = shutil.which(name, path=place)
            if found and (real := Path(found).resolve()) not in seen:
                seen.add(real)
                yield Path(found)
