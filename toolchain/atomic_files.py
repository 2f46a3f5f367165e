"""Files that appear whole: who reads one finds the bytes before or the new ones, never half of them.

The bytes are written to a file of their own beside it, which then takes its name, in one step (rename(2)).
A writer that fails leaves what was there before, and nothing else. Writers do not wait for each other: the
last to finish wins, or, with `create_file`, the first. One that is killed leaves its `.partial-*` as well;
`remove_partials` is for those who know that nobody else writes in a directory.

A power failure is another thing: the name may reach the disk before the bytes do, and the file is then empty
or cut short. `is_durable` has the bytes on the disk first (fsync(2)), which can take milliseconds: for what
can't be made again, or stops its reader when it is damaged. Caches, builds and notes of what runs do without:
their readers check what they find, and make it anew.
"""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".partial-"


def replace_file(path: Path, content: str | bytes, *, mode: int = 0o666, is_durable: bool = False) -> None:
    """Make the file, or put this in the old one's place; text is written as UTF-8. Raises OSError.

    `mode` is the file's from its first byte on, less what the umask takes, whatever the old one's was.
    """
    with replacing(path) as partial:
        _write(partial, content, mode, is_durable=is_durable)


def create_file(path: Path, content: str | bytes, *, mode: int = 0o666, is_durable: bool = False) -> bool:
    """As `replace_file`, but what is there stays; False then. Raises OSError."""
    with _beside(path) as partial:
        _write(partial, content, mode, is_durable=is_durable)
        try:
            path.hardlink_to(partial)
        except FileExistsError:
            return False
    return True


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where the block is to make the new file, which takes the old one's place when the block succeeds.

    Raises OSError when it can't.
    """
    with _beside(path) as partial:
        yield partial
        partial.replace(path)


def remove_partials(directory: Path) -> None:
    """Remove what killed writers have left; whoever still writes there would fail. Raises OSError."""
    for partial in directory.glob(f"{_PREFIX}*"):
        partial.unlink()


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name for this writer alone. Process ids would not do: containers may share a directory, and an id."""
    partial = path.with_name(f"{_PREFIX}{path.name}.{os.urandom(8).hex()}")
    try:
        yield partial
    finally:
        with contextlib.suppress(OSError):  # it has its name by now, was never made, or can't be removed
            partial.unlink()


def _write(partial: Path, content: str | bytes, mode: int, *, is_durable: bool) -> None:
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        if is_durable:
            file.flush()
            os.fsync(file.fileno())
