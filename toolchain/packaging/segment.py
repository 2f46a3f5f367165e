"""Segments: runs of finished zip entries, with their part of the central directory.

An entry does not depend on what stands before it, only its offset does; so a segment is made once and
copied into every package that needs it. Format of a zip: PKWARE's APPNOTE.TXT, sections 4.3.7 and 4.3.12.
"""

import array
import mmap
import struct
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import deflate

from toolchain.packaging.cache import with_checksum, without_checksum

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_OFFSET_POSITION = 42  # of the local header's offset within a central directory record
_UNIX, _VERSION_NEEDED = 3 << 8, 20
_UTF8_NAME = 0x800
_STORED, _DEFLATED = 0, 8
_FIRST_DOS_DATE = 1 << 5 | 1  # 1980-01-01, so that no clock gets into a package
_REGULAR_FILE, _READABLE, _EXECUTABLE = 0o100000, 0o644, 0o755
_COMPRESSION_LEVEL = 6  # libdeflate's: as small as zlib's 9, three times as fast as zlib's 6
_HEADER = struct.Struct("<4s4Q")
_MAGIC = b"SEG3"


@dataclass(frozen=True, slots=True)
class Member:
    """A file as it stands in a zip; `data` is compressed with `method`."""

    name: str
    crc: int
    size: int
    method: int
    data: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """Entries as bytes; `positions` are those of the offsets in `directory`, which count from `data`."""

    data: bytes | memoryview
    directory: bytes
    positions: array.array[int]
    size: int
    """Sum of the members' sizes, in bytes, unzipped."""

    def relocated(self, base: int) -> bytes | bytearray:
        """The central directory for a zip in which `data` starts at `base`."""
        if base == 0:
            return self.directory
        moved = bytearray(self.directory)
        read, write = struct.Struct("<L").unpack_from, struct.Struct("<L").pack_into
        for position in self.positions:
            write(moved, position, read(moved, position)[0] + base)
        return moved

    def members(self) -> list[Member]:
        """What the segment was made of."""
        return [self._member(position - _OFFSET_POSITION) for position in self.positions]

    def contents(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Each member's name with its CRC and size, which tell whether two members are the same file."""
        for position in self.positions:
            start = position - _OFFSET_POSITION
            record = _CENTRAL.unpack_from(self.directory, start)
            name = self.directory[start + _CENTRAL.size : start + _CENTRAL.size + record[10]]
            yield name.decode(), (record[7], record[9])

    def without(self, names: Collection[str]) -> "Segment":
        """The segment less some members."""
        return pack(member for member in self.members() if member.name not in names)

    def _member(self, start: int) -> Member:
        record = _CENTRAL.unpack_from(self.directory, start)
        method, crc, compressed, size, name_length = record[4], *record[7:11]
        mode, offset = record[15] >> 16, record[16]
        name_start = start + _CENTRAL.size
        data_start = offset + _LOCAL.size + name_length
        return Member(
            name=self.directory[name_start : name_start + name_length].decode(),
            crc=crc,
            size=size,
            method=method,
            data=bytes(self.data[data_start : data_start + compressed]),
            executable=bool(mode & 0o111),
        )


def compressed(name: str, content: bytes, *, executable: bool = False) -> Member:
    """A member from a file's content, deflated where that makes it smaller."""
    deflated = bytes(deflate.deflate_compress(content, _COMPRESSION_LEVEL))
    method = _DEFLATED if len(deflated) < len(content) else _STORED
    data = deflated if method == _DEFLATED else content
    return Member(name, zlib.crc32(content), len(content), method, data, executable)


def pack(members: Iterable[Member]) -> Segment:
    """The members as a segment, in the order given."""
    data, directory, positions, size = bytearray(), bytearray(), array.array("I"), 0
    for member in members:
        name = member.name.encode()
        sizes = (member.crc, len(member.data), member.size, len(name))
        shared = (_UTF8_NAME, member.method, 0, _FIRST_DOS_DATE, *sizes)
        mode = _REGULAR_FILE | (_EXECUTABLE if member.executable else _READABLE)
        positions.append(len(directory) + _OFFSET_POSITION)
        versions = (_UNIX | _VERSION_NEEDED, _VERSION_NEEDED)
        directory += _CENTRAL.pack(b"PK\1\2", *versions, *shared, 0, 0, 0, 0, mode << 16, len(data)) + name
        data += _LOCAL.pack(b"PK\3\4", _VERSION_NEEDED, *shared, 0) + name + member.data
        size += member.size
    return Segment(bytes(data), bytes(directory), positions, size)


def save(segment: Segment, notes: bytes, path: Path) -> None:
    """Write a segment for `load`, and what is to be known of it."""
    sizes = (len(segment.data), len(segment.directory), len(segment.positions), segment.size)
    header = _HEADER.pack(_MAGIC, *sizes)
    content = b"".join((header, segment.data, segment.directory, segment.positions.tobytes(), notes))
    path.write_bytes(with_checksum(content))


def load(path: Path) -> tuple[Segment, bytes] | None:
    """A segment that was saved, and its notes; None when there is none, or not the whole as it was.

    Its data stays in the file and is mapped, so that fifty packages do not hold it fifty times.
    """
    try:
        with path.open("rb") as file:
            content = without_checksum(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
    except (OSError, ValueError):
        return None
    if content is None or content[: len(_MAGIC)] != _MAGIC:
        return None
    _, data, directory, count, size = _HEADER.unpack_from(content)
    ends = (_HEADER.size + data, _HEADER.size + data + directory)
    positions = array.array("I")
    notes = ends[1] + count * positions.itemsize
    positions.frombytes(content[ends[1] : notes])
    segment = Segment(content[_HEADER.size : ends[0]], bytes(content[ends[0] : ends[1]]), positions, size)
    return segment, bytes(content[notes:])
