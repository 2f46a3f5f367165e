"""Makes ELF objects with what a loader looks at first: processor, needed libraries, versions of symbols.

Layout: System V ABI, gabi 4.1; the section of needed versions: LSB Core 5.0, chapter 10.7.
"""

import struct
from collections.abc import Sequence

X86_64, AARCH64, I386, RISCV, UNKNOWN = 62, 183, 3, 243, 0x1234

_HEADER = struct.Struct("<16s2HL3QL6H")
_SECTION = struct.Struct("<2L4Q2L2Q")
_STRTAB, _DYNAMIC, _VERNEED = 3, 6, 0x6FFFFFFE
_SHARED_OBJECT = 3
_DT_NEEDED, _DT_NULL = 1, 0


def make_elf(machine: int, *, needs: Sequence[str] = ("libc.so.6",), versions: Sequence[str] = ()) -> bytes:
    """A shared object for a processor, that needs libraries, and these versions of libc's symbols.

    >>> make_elf(X86_64, versions=["GLIBC_2.38"])
    """
    strings = _Strings()
    dynamic = b"".join(struct.pack("<2Q", _DT_NEEDED, strings.add(name)) for name in needs)
    dynamic += struct.pack("<2Q", _DT_NULL, 0)
    needed = _versions_needed(strings, versions) if versions else b""
    contents = [
        (".dynstr", _STRTAB, 0, 0, bytes(strings.table)),
        (".dynamic", _DYNAMIC, 1, 16, dynamic),
        (".gnu.version_r", _VERNEED, 1, 0, needed),
    ]
    if not versions:
        contents.pop()
    return _object(machine, contents)


class _Strings:
    def __init__(self) -> None:
        self.table = bytearray(b"\0")

    def add(self, text: str) -> int:
        self.table += text.encode() + b"\0"
        return len(self.table) - len(text.encode()) - 1


def _versions_needed(strings: _Strings, versions: Sequence[str]) -> bytes:
    """One Verneed for libc.so.6, then a Vernaux for each version."""
    size = 16
    records = bytearray(struct.pack("<2H3L", 1, len(versions), strings.add("libc.so.6"), size, 0))
    for number, version in enumerate(versions, start=1):
        following = size if number < len(versions) else 0
        records += struct.pack("<L2H2L", 0, 0, number + 1, strings.add(version), following)
    return bytes(records)


def _object(machine: int, contents: Sequence[tuple[str, int, int, int, bytes]]) -> bytes:
    names = _Strings()
    body, table = bytearray(_HEADER.size), bytearray(_SECTION.size)
    for name, kind, link, entry_size, content in contents:
        information = 1 if kind == _VERNEED else 0
        table += _SECTION.pack(
            names.add(name), kind, 0, 0, len(body), len(content), link, information, 1, entry_size
        )
        body += content
    own_name = names.add(".shstrtab")
    table += _SECTION.pack(own_name, _STRTAB, 0, 0, len(body), len(names.table), 0, 0, 1, 0)
    body += names.table
    count = len(contents) + 2
    identification = b"\x7fELF\2\1\1" + bytes(9)
    sizes = (_HEADER.size, 0, 0, _SECTION.size, count, count - 1)
    body[: _HEADER.size] = _HEADER.pack(
        identification, _SHARED_OBJECT, machine, 1, 0, 0, len(body), 0, *sizes
    )
    return bytes(body + table)
