"""Bytecode for the Lambda runtime: the same bytes from the same source, wherever it is compiled.

/var/task is read-only on Lambda, so a package without .pyc files is compiled again at every cold start.
An unchecked hash-based .pyc (PEP 552) is loaded without a look at the source's time or content.

`marshal` writes what a code object holds and how its parts are shared in memory, and CPython 3.13 decides
some of that by which strings others interned before: a name that is also a constant (a class's qualified
name) is one object or two, and so is a set of strings that two functions test against. Here every string is
interned, and every set and tuple one of its own; then the output depends on the source alone.
"""

import functools
import importlib.util
import marshal
import sys
import warnings
from dataclasses import dataclass
from types import CodeType

from toolchain.errors import BuildError
from toolchain.packaging.imports import imported_names, is_package, module_name

UNCOMPILABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What `compile` raises: for a null byte, and for expressions nested too deeply, not a SyntaxError."""

_UNCHECKED_HASH = 0b01  # PEP 552: hash-based, and not compared with the source
_NO_COLUMNS, _NO_LOCATION = 13, 15  # codes of the location table: CPython's Objects/locations.md
_CODE_UNIT_BYTES = 2
_LONGEST_RUN = 8  # code units an entry of the location table can span


def pyc_name(name: str) -> str:
    """`lib/users.py` -> `lib/__pycache__/users.cpython-313.pyc`."""
    directory, _, file = name.rpartition("/")
    cached = f"__pycache__/{file.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc"
    return f"{directory}/{cached}" if directory else cached


@dataclass(frozen=True, slots=True)
class Compiled:
    """A module's .pyc, and the names it may import: `{"json", "lib.users", "lib.users.User"}`."""

    pyc: bytes
    imports: frozenset[str]


def compile_module(source: bytes, name: str, *, with_columns: bool) -> Compiled:
    """Compile a module that will be /var/task/`name`.

    `with_columns` keeps what tracebacks need to point below the failing expression; it is a tenth of the
    bytecode. Raises one of UNCOMPILABLE.
    """
    if with_columns and not _has_columns():
        raise BuildError(
            "PYTHONNODEBUGRANGES or -X no_debug_ranges is set: packages would differ from "
            "those of other builds; unset it"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SyntaxWarning: for linters, not for whoever packages
        code = compile(source, f"/var/task/{name}", "exec", dont_inherit=True, optimize=0)
    header = (
        importlib.util.MAGIC_NUMBER
        + _UNCHECKED_HASH.to_bytes(4, "little")
        + importlib.util.source_hash(source)
    )
    imports = imported_names(code, module_name(name), is_package=is_package(name))
    body = marshal.dumps(_settled(code, with_columns=with_columns))
    return Compiled(header + body, imports)


@functools.cache
def _has_columns() -> bool:
    """Whether this interpreter compiles code that knows its columns."""
    return all(column is not None for *_, column in compile("0", "", "eval").co_positions())


def _settled(code: CodeType, *, with_columns: bool) -> CodeType:
    """The same code, with nothing in it shared that might not be."""

    def settled(constant: object) -> object:
        match constant:
            case str():
                return sys.intern(constant)
            case CodeType():
                return _settled(constant, with_columns=with_columns)
            case tuple() | frozenset():
                return type(constant)(map(settled, constant))
        return constant

    return code.replace(
        co_consts=tuple(map(settled, code.co_consts)),
        co_linetable=code.co_linetable if with_columns else _line_table(code),
    )


def _line_table(code: CodeType) -> bytes:
    """The location table with line numbers only, as `python -X no_debug_ranges` compiles it."""
    table = bytearray()
    current = code.co_firstlineno
    for start, end, line in code.co_lines():
        units = (end - start) // _CODE_UNIT_BYTES
        if line is None:
            table += _entries(None, units)
        else:
            table += _entries(line - current, units)
            current = line
    return bytes(table)


@functools.cache
def _entries(delta: int | None, units: int) -> bytes:
    """Entries for so many code units: the first goes on by `delta` lines (None: no line), the others stay."""
    entries = bytearray()
    kind = _NO_LOCATION if delta is None else _NO_COLUMNS
    for done in range(0, units, _LONGEST_RUN):
        run = min(units - done, _LONGEST_RUN)
        entries.append(0x80 | kind << 3 | run - 1)
        if delta is not None:
            _append_signed(entries, 0 if done else delta)
    return bytes(entries)


def _append_signed(table: bytearray, number: int) -> None:
    """Append a signed varint: the sign in the lowest bit, six bits to a byte, 0x40 where more follow."""
    rest = -number << 1 | 1 if number < 0 else number << 1
    while rest >= 0x40:
        table.append(0x40 | rest & 0x3F)
        rest >>= 6
    table.append(rest)
