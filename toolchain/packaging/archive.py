"""Puts segments together into a zip: the shared part once, then a function's own part."""

import hashlib
import os
import struct
from collections.abc import Buffer, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolchain.atomic_files import replacing
from toolchain.errors import BuildError
from toolchain.packaging.segment import Segment

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_MOST_ENTRIES = 0xFFFF
_VERSION_ZIP64 = 45


@dataclass(frozen=True, slots=True)
class Package:
    """A zip that was written; sizes in bytes."""

    sha256: str
    zip_bytes: int
    unzipped_bytes: int


class Beginning:
    """The segments that several packages begin with, hashed and indexed once."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = tuple(segments)
        self.length = 0
        self.entries = 0
        self.size = 0
        self.directory = bytearray()
        self._hash = hashlib.sha256()
        for segment in segments:
            self.directory += segment.relocated(self.length)
            self._hash.update(segment.data)
            self.length += len(segment.data)
            self.entries += len(segment.positions)
            self.size += segment.size

    def finish(self, ending: Sequence[Segment], path: Path) -> Package:
        """Write the package that ends with these segments; the file appears whole or not at all."""
        directory, start, entries = bytearray(self.directory), self.length, self.entries
        for segment in ending:
            directory += segment.relocated(start)
            start += len(segment.data)
            entries += len(segment.positions)
        end = _end_of_directory(entries, len(directory), start)
        rest = [*(segment.data for segment in ending), directory, end]
        digest = self._hash.copy()
        for part in rest:
            digest.update(part)
        written = _write(path, [*(segment.data for segment in self.segments), *rest])
        return Package(digest.hexdigest(), written, self.size + sum(segment.size for segment in ending))


def _end_of_directory(entries: int, length: int, start: int) -> bytes:
    """The end record, preceded by zip64's where 16 bits can't count the entries (APPNOTE 4.3.14-16)."""
    shown = min(entries, _MOST_ENTRIES)
    end = _END.pack(b"PK\5\6", 0, 0, shown, shown, length, start, 0)
    if entries < _MOST_ENTRIES:
        return end
    versions, counts = (_VERSION_ZIP64, _VERSION_ZIP64), (entries, entries)
    record = _END64.pack(b"PK\6\6", _END64.size - 12, *versions, 0, 0, *counts, length, start)
    return record + _LOCATOR64.pack(b"PK\6\7", 0, start + length, 1) + end


def _write(path: Path, parts: Sequence[Buffer]) -> int:
    try:
        with replacing(path) as partial, partial.open("wb", buffering=0) as file:
            return sum(_write_all(file.fileno(), part) for part in parts)
    except OSError as error:
        raise BuildError(f"dist/{path.name} can't be written: {error.strerror}") from error


def _write_all(descriptor: int, part: Buffer) -> int:
    """Write everything: the kernel takes at most 2 GiB at a time, and less when a disk fills up."""
    rest = memoryview(part)
    length = len(rest)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    return length
