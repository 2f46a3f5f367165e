"""Files of the user's cache: written by several builds at once, and not always read as they were written."""

import contextlib
import zlib
from collections.abc import Callable
from pathlib import Path

from toolchain.atomic_files import replacing
from toolchain.errors import BuildError

_CHECKSUM_BYTES = 4
_UNUSED_SECONDS = 30 * 24 * 3600
_ABANDONED_SECONDS = 3600


def write_cached(path: Path, write: Callable[[Path], object]) -> None:
    """Let a file appear whole or not at all: `write` makes it under another name.

    Raises BuildError when there is no room, or no permission.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as partial:
            write(partial)
    except OSError as error:
        raise BuildError(f"the cache in {path.parent} can't be written: {error.strerror}") from error


def with_checksum(content: bytes) -> bytes:
    """The content with its CRC-32 before it."""
    return zlib.crc32(content).to_bytes(_CHECKSUM_BYTES, "little") + content


def without_checksum(content: bytes | memoryview) -> memoryview | None:
    """What `with_checksum` was given; None when it is not the same any more."""
    rest = memoryview(content)[_CHECKSUM_BYTES:]
    expected = bytes(content[:_CHECKSUM_BYTES])
    return rest if zlib.crc32(rest).to_bytes(_CHECKSUM_BYTES, "little") == expected else None


def remove_abandoned(directory: Path, now: float) -> None:
    """Remove, from the directories below this one, what killed builds had begun to write an hour ago."""
    for partial in directory.glob("*/.*"):
        with contextlib.suppress(OSError):  # another build was faster, or it is another user's
            if now - partial.stat().st_mtime > _ABANDONED_SECONDS:
                partial.unlink()
                partial.parent.rmdir()  # unless the file itself is there by now


def remove_unused(directory: Path, now: float) -> None:
    """Forget the files of a directory that no build has read for a month."""
    for path in directory.glob("*"):
        with contextlib.suppress(FileNotFoundError):  # another build was faster
            if now - path.stat().st_atime > _UNUSED_SECONDS:
                path.unlink()
