"""Where things are in a checkout, and in the user's cache."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Project:
    """A checkout: `root` is the directory that holds tasks.py."""

    root: Path

    @property
    def functions(self) -> Path:
        return self.root / "functions"

    @property
    def lib(self) -> Path:
        return self.root / "lib"

    @property
    def events(self) -> Path:
        return self.root / "events"

    @property
    def migrations(self) -> Path:
        return self.root / "migrations"

    @property
    def dist(self) -> Path:
        """Build output; ignored by git."""
        return self.root / "dist"

    @property
    def local(self) -> Path:
        """State of this machine (database, dependencies of functions); ignored by git."""
        return self.root / ".local"

    @property
    def requirements(self) -> Path:
        """The hash-pinned versions of everything, functions' requirements included."""
        return self.root / "requirements-dev.txt"

    def relative(self, path: Path) -> str:
        """The path as messages show it: `functions/users/function.yaml`."""
        return path.relative_to(self.root).as_posix()


def cache_directory(environ: Mapping[str, str]) -> Path:
    """Where wheels and their prepared parts are kept, shared by all checkouts of the user.

    `$XDG_CACHE_HOME/serverless-python-api`, or `~/.cache/serverless-python-api`.
    """
    base = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".cache"
    return Path(base) / "serverless-python-api"
