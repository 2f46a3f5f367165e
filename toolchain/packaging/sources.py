"""Reads what the repository puts into packages: lib/, a function's folder, the files it includes."""

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import BuildError

_DECLARATIONS = {"function.yaml", "requirements.in", "requirements.txt"}
_NOT_SHIPPED = re.compile(r"^\.|^__pycache__$|\.pyc$|~$")
_EXECUTABLE_CONTENT = (b"#!", b"\x7fELF")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the repository and its path in the package, which are the same path."""

    name: str
    content: bytes

    @property
    def executable(self) -> bool:
        """By content: the mode in a checkout depends on umask and file system."""
        return self.content.startswith(_EXECUTABLE_CONTENT)


def read_tree(root: Path, directory: Path) -> tuple[Source, ...]:
    """Every file below `directory` that belongs into a package, sorted by name.

    Raises BuildError with every link that leaves the repository and everything that can't be read.
    """
    problems: list[str] = []
    paths = [path for path in _walk(root, directory, problems) if not _declares(path, directory)]
    sources = [_read(root, path, problems) for path in paths]
    if problems:
        raise BuildError(problems)
    return tuple(sorted((source for source in sources if source), key=lambda source: source.name))


def read_included(root: Path, patterns: Iterable[str], file: str) -> tuple[Source, ...]:
    """The files that `include` names, as globs relative to the repository; `file` declares them."""
    problems: list[str] = []
    sources: dict[str, Source] = {}
    for pattern in patterns:
        found = [path for path in root.glob(pattern) if path.is_file() and not _is_bytecode(path)]
        if not found:
            problems.append(f"{file}: include {pattern!r} matches no file")
        for path in found:
            if _stays_inside(root, path, problems) and (source := _read(root, path, problems)):
                sources[source.name] = source
    if problems:
        raise BuildError(problems)
    return tuple(sources[name] for name in sorted(sources))


def digest(sources: Iterable[Source]) -> str:
    """A hash of names and contents; times, modes and the order on disk do not count."""
    total = hashlib.sha256()
    for source in sources:
        total.update(f"{source.name}\0{len(source.content)}\0".encode())
        total.update(source.content)
    return total.hexdigest()


def _declares(path: Path, directory: Path) -> bool:
    """Whether a file is for this toolchain; in a folder below, such a name says nothing."""
    return path.parent == directory and path.name in _DECLARATIONS


def _is_bytecode(path: Path) -> bool:
    return path.suffix == ".pyc" or path.parent.name == "__pycache__"


def _walk(root: Path, directory: Path, problems: list[str]) -> list[Path]:
    files: list[Path] = []
    for entry in _entries(root, directory, problems):
        path = Path(entry.path)
        if entry.is_symlink() and not _stays_inside(root, path, problems):
            continue
        if entry.is_dir():
            files += _walk(root, path, problems)
        elif entry.is_file():
            files.append(path)
        else:
            problems.append(f"{_shown(root, path)} is neither a file nor a directory")
    return files


def _entries(root: Path, directory: Path, problems: list[str]) -> list[os.DirEntry[str]]:
    """What a directory holds, without hidden files, bytecode and editors' backups."""
    try:
        with os.scandir(directory) as entries:
            return [entry for entry in entries if not _NOT_SHIPPED.search(entry.name)]
    except OSError as error:
        problems.append(f"{_shown(root, directory)} can't be read: {error.strerror}")
        return []


def _stays_inside(root: Path, path: Path, problems: list[str]) -> bool:
    """Whether a link ends in the repository, and not in a directory that the way to the link goes through."""
    try:
        end = path.resolve(strict=True)
    except (OSError, RuntimeError):
        problems.append(f"{_shown(root, path)} is a symbolic link to nothing")
        return False
    if not end.is_relative_to(root.resolve()):
        problems.append(f"{_shown(root, path)} leads out of the repository; copy what it needs to here")
    elif end.is_dir() and any(parent.resolve().is_relative_to(end) for parent in path.parents):
        problems.append(f"{_shown(root, path)} is a symbolic link to a directory that contains it")
    else:
        return True
    return False


def _read(root: Path, path: Path, problems: list[str]) -> Source | None:
    try:
        name = os.fsencode(path.relative_to(root)).decode("utf-8")  # whatever the locale's encoding is
        return Source(name, path.read_bytes())
    except UnicodeDecodeError:
        problems.append(f"{_shown(root, path)}: its name is not UTF-8")
    except OSError as error:
        problems.append(f"{_shown(root, path)} can't be read: {error.strerror}")
    return None


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix().encode(errors="backslashreplace").decode()
