"""Writes new files: all of them, or none."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from toolchain.errors import ToolchainError


def check_absent(root: Path, paths: Iterable[str]) -> None:
    """Raise ToolchainError for each of the files that exists; paths are relative to `root`."""
    existing = [path for path in paths if (root / path).exists()]
    if existing:
        raise ToolchainError(f"{path}: exists; choose another name, or remove it" for path in existing)


@contextmanager
def created(root: Path, texts: Mapping[str, str]) -> Iterator[None]:
    """Create files, by path relative to `root`, and keep them if the block succeeds.

    After an error, in here or in the block, nothing is left of what was made here. Never overwrites.
    Raises ToolchainError for a file that exists, or can't be written.
    """
    made: list[Path] = []
    try:
        for path, text in texts.items():
            try:
                _create(root / path, text, made)
            except OSError as error:
                raise ToolchainError(
                    f"{path} can't be made: {error.strerror}; nothing was changed"
                ) from error
        yield
    except BaseException:
        _remove(made)
        raise


def _create(path: Path, text: str, made: list[Path]) -> None:
    for folder in reversed([folder for folder in path.parents if not folder.exists()]):
        folder.mkdir()
        made.append(folder)
    with path.open("x", encoding="utf-8") as file:
        made.append(path)
        file.write(text)


def _remove(made: list[Path]) -> None:
    """Newest first; a folder in which somebody else has put something stays."""
    for path in reversed(made):
        if not path.is_dir():
            path.unlink(missing_ok=True)
        elif not any(path.iterdir()):
            path.rmdir()
