"""What the last build left in dist/, so that the next one can tell what is still current."""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from toolchain.atomic_files import remove_partials, replace_file
from toolchain.errors import BuildError

_FORMAT = 3


@dataclass(frozen=True, slots=True)
class Built:
    """A package in dist/: what it was made from and for, and how its file looked when it was finished."""

    fingerprint: str
    architecture: str
    sha256: str
    zip_bytes: int
    unzipped_bytes: int
    mtime_ns: int

    def is_at(self, path: Path) -> bool:
        """Whether the file is still the one that was written."""
        try:
            found = path.stat()
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (self.zip_bytes, self.mtime_ns)


def zip_path(dist: Path, name: str) -> Path:
    """Where a function's package is."""
    return dist / f"{name}.zip"


type State = dict[str, Built]
"""The packages in dist/ by function, as dist/.state.json keeps them."""


def read_state(dist: Path) -> State:
    """The state, or an empty one after a build by another version of this module."""
    try:
        content = json.loads((dist / ".state.json").read_bytes())
        built = {name: Built(**record) for name, record in content["built"].items()}
        if content["format"] == _FORMAT:
            return built
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # absent, or written by something else: everything is built again, which is always right
    return {}


def write_state(dist: Path, state: State) -> None:
    built = {name: asdict(package) for name, package in sorted(state.items())}
    write_text(dist / ".state.json", json.dumps({"format": _FORMAT, "built": built}))


def write_text(path: Path, text: str) -> None:
    """Replace a file in dist/ in one step. Raises BuildError when there is no room, or no permission."""
    try:
        replace_file(path, text)
    except OSError as error:
        raise BuildError(f"dist/{path.name} can't be written: {error.strerror}") from error


@contextlib.contextmanager
def exclusive(dist: Path) -> Iterator[None]:
    """Hold dist/ for one build; a second build waits here. The kernel lets go when the holder dies."""
    try:
        descriptor = _lock(dist)
    except OSError as error:
        raise BuildError(
            f"dist can't be written: {error.strerror}; builds need a writable checkout"
        ) from error
    try:
        remove_partials(dist)  # of a build that was killed: nobody else writes while we hold the lock
        yield
    finally:
        os.close(descriptor)


def _lock(dist: Path) -> int:
    path = dist / ".lock"
    while True:
        dist.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)  # dist was removed while this build waited: what it holds locks nothing


def empty(dist: Path) -> None:
    """Remove what earlier builds left, while this one holds dist/."""
    try:
        for path in dist.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != ".lock":
                path.unlink()
    except OSError as error:
        raise BuildError(f"dist can't be emptied: {error.strerror}") from error
