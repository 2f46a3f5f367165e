"""Reads a wheel for packaging: each file checked, and placed as `pip install --target` places it.

The compressed bytes are taken over as they are; only what the wheel stores or compresses badly is
compressed again. Format: PEP 427, and PEP 491 for the `.data` directories.
"""

import re
import zipfile
import zlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import deflate

from toolchain.errors import BuildError
from toolchain.packaging import elf
from toolchain.packaging.bytecode import UNCOMPILABLE, Compiled, compile_module
from toolchain.packaging.imports import is_package, module_name, with_parents
from toolchain.packaging.limits import UNZIPPED_BYTES, megabytes
from toolchain.packaging.segment import Member, compressed
from toolchain.packaging.target import Target

_ENCRYPTED = 0x1
_LOCAL_HEADER_BYTES, _LENGTHS_POSITION = 30, 26
_DATA = re.compile(r"[^/-]+-[^/-]+\.data/(?P<kind>[^/]+)/(?P<path>.+)")
_KINDS = {"data", "headers", "platlib", "purelib", "scripts"}
_INSTALLER_LEFTOVERS = {"RECORD", "RECORD.jws", "RECORD.p7s", "WHEEL", "INSTALLER", "REQUESTED"}
_LAMBDA_PYTHON = b"#!/var/lang/bin/python3.13"


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a wheel: where it goes, its content, and the compressed bytes the wheel has for it."""

    name: str
    content: bytes
    original: Member
    is_script: bool


def read_wheel(path: Path, target: Target) -> list[Member]:
    """Read and check a wheel: what packages get of it, sorted by name.

    Raises BuildError with every file that is unsafe, corrupt, or would not load on the target.
    """
    problems: list[str] = []
    files: dict[str, Member] = {}
    for file in _files(path, problems):
        if file.name in files:
            problems.append(f"{path.name}: {file.name} is in it twice")
        if file.content.startswith(elf.MAGIC) and (problem := elf.find_problem(file.content, target)):
            problems.append(f"{path.name}: {file.name} {problem}")
        files[file.name] = _smallest(file)
    if problems:
        raise BuildError(problems)
    return [files[name] for name in sorted(files)]


type Modules = dict[str, tuple[str, Compiled | None]]
"""Modules with their file, and their bytecode: None for a template or code for another Python."""


def compile_wheel(path: Path, wanted: Iterable[str], known: Container[str]) -> Modules:
    """Compile modules of a wheel that was checked, and those of it that they import, less the known ones."""
    raw, entries = _open(path)
    sources = {name: entry for entry in entries if (name := _placed(entry.filename)[0]).endswith(".py")}
    # Python prefers a package to a module of its name.
    files = {module_name(name): name for name in sorted(sources, key=is_package)}
    compiled: Modules = {}
    waiting = list(wanted)
    while waiting:
        for module in with_parents(waiting.pop()):
            if module in files and module not in known and module not in compiled:
                one = _compile(_read(raw, sources[files[module]]))
                compiled[module] = files[module], one
                waiting += one.imports if one else ()
    return compiled


def _open(path: Path) -> tuple[bytes, list[zipfile.ZipInfo]]:
    try:
        raw = path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            return raw, [entry for entry in archive.infolist() if not entry.is_dir()]
    except (OSError, zipfile.BadZipFile) as error:
        raise BuildError(f"{path.name} is not a readable wheel: {error}") from error


def _files(path: Path, problems: list[str]) -> Iterator[_File]:
    raw, entries = _open(path)
    for entry in entries:
        try:
            file = _read(raw, entry)
        except ValueError as error:
            problems.append(f"{path.name}: {entry.filename!r} {error}")
        else:
            if file:
                yield file


def _read(raw: bytes, entry: zipfile.ZipInfo) -> _File | None:
    """One file, or None when a package does not need it. Raises ValueError when it can't be accepted."""
    name, kind = _placed(entry.filename)
    if kind == "headers" or _is_leftover(name):
        return None
    if _is_symlink(entry):
        raise ValueError("is a symbolic link")
    if entry.file_size > UNZIPPED_BYTES:
        raise ValueError(f"is {megabytes(entry.file_size)}; Lambda takes {megabytes(UNZIPPED_BYTES)} in all")
    data = _compressed_bytes(raw, entry)
    content = _decompress(data, entry)
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise ValueError("is corrupt: its size or checksum differs from what the wheel says")
    is_script = kind == "scripts"
    executable = is_script or _is_executable(entry)
    original = Member(name, entry.CRC, entry.file_size, entry.compress_type, data, executable)
    return _File(name, content, original, is_script)


def _placed(name: str) -> tuple[str, str]:
    """Where a wheel's file goes below the package's root, and the kind of directory it is from."""
    if name.startswith("/") or "\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name):
        raise ValueError("has an absolute name, or one that only Windows understands")
    if any(part in {"", ".", ".."} for part in name.split("/")):
        raise ValueError("would be written outside the package")
    data = _DATA.match(name)
    if not data:
        return name, "purelib"
    kind = data["kind"]
    if kind not in _KINDS:
        raise ValueError(f"is for an unknown directory; wheels have {', '.join(sorted(_KINDS))}")
    return (f"bin/{data['path']}" if kind == "scripts" else data["path"]), kind


def _is_leftover(name: str) -> bool:
    """What only an installer needs, or bytecode of whoever made the wheel.

    A module.pyc outside of __pycache__ stays: it may be all there is of a module (PEP 3147).
    """
    directory, _, file = name.rpartition("/")
    if directory.endswith(".dist-info") and file in _INSTALLER_LEFTOVERS:
        return True
    return "__pycache__" in directory.split("/")


def _is_symlink(entry: zipfile.ZipInfo) -> bool:
    return (entry.external_attr >> 16) & 0o170000 == 0o120000


def _is_executable(entry: zipfile.ZipInfo) -> bool:
    return bool(entry.external_attr >> 16 & 0o111)


def _compressed_bytes(raw: bytes, entry: zipfile.ZipInfo) -> bytes:
    lengths = raw[entry.header_offset + _LENGTHS_POSITION : entry.header_offset + _LOCAL_HEADER_BYTES]
    name, extra = int.from_bytes(lengths[:2], "little"), int.from_bytes(lengths[2:], "little")
    start = entry.header_offset + _LOCAL_HEADER_BYTES + name + extra
    return raw[start : start + entry.compress_size]


def _decompress(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & _ENCRYPTED:
        raise ValueError("is encrypted")
    if entry.compress_type == zipfile.ZIP_STORED:
        return data
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise ValueError(f"is compressed with method {entry.compress_type}; wheels use 0 and 8")
    try:
        return bytes(deflate.deflate_decompress(data, entry.file_size)) if entry.file_size else b""
    except deflate.DeflateError as error:
        raise ValueError("is corrupt: it can't be decompressed") from error


def _smallest(file: _File) -> Member:
    """The file as the wheel has it, or compressed again where that makes it smaller."""
    content = file.content
    if file.is_script and content.startswith(b"#!python"):
        _, newline, rest = content.partition(b"\n")
        content = _LAMBDA_PYTHON + newline + rest
    again = compressed(file.name, content, executable=file.original.executable)
    smaller = content is not file.content or len(again.data) < len(file.original.data)
    return again if smaller else file.original


def _compile(file: _File | None) -> Compiled | None:
    if file is None or file.is_script:
        return None
    try:
        return compile_module(file.content, file.name, with_columns=False)
    except UNCOMPILABLE:
        return None
