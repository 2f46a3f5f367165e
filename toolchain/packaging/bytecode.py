"""Bytecode for the Lambda runtime: the same bytes from the same source, wherever it is compiled.

/var/task is read-only on Lambda, so a package without .pyc files is compiled again at every cold start.
An unchecked hash-based .pyc (PEP 552) is loaded without a look at the source's time or content.

`marshal` writes what a code object holds and how its parts are shared in memory, and the sharing depends
on what the process did before: which strings were interned, which objects somebody else refers to. So
equal constants are made one object, every string is interned, and everything is referred to once more
while it is written; then the output depends on the source alone.
"""

import functools
import importlib.util
import marshal
import sys
import warnings
from collections.abc import Iterator
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
    canonical = _canonical_code(code if with_columns else _without_columns(code), {})
    held = list(_reachable(canonical))
    header = (
        importlib.util.MAGIC_NUMBER
        + _UNCHECKED_HASH.to_bytes(4, "little")
        + importlib.util.source_hash(source)
    )
    body = marshal.dumps(canonical)
    del held
    return Compiled(header + body, imported_names(code, module_name(name), is_package=is_package(name)))


@functools.cache
def _has_columns() -> bool:
    """Whether this interpreter compiles code that knows its columns."""
    return all(column is not None for *_, column in compile("0", "", "eval").co_positions())


def _canonical_code(code: CodeType, known: dict[object, object]) -> CodeType:
    """The same code with equal constants shared; `known` maps what was met to the one object for it."""
    return code.replace(
        co_consts=tuple([_canonical(constant, known) for constant in code.co_consts]),
        co_names=tuple(map(sys.intern, code.co_names)),
        co_filename=sys.intern(code.co_filename),
        co_name=sys.intern(code.co_name),
        co_qualname=sys.intern(code.co_qualname),
    )


def _canonical(value: object, known: dict[object, object]) -> object:
    if isinstance(value, str):
        return sys.intern(value)
    if isinstance(value, CodeType):
        return _canonical_code(value, known)
    if isinstance(value, tuple):
        value = tuple([_canonical(item, known) for item in value])
    elif isinstance(value, frozenset):
        value = frozenset([_canonical(item, known) for item in value])
    elif value is None or value is ... or isinstance(value, bool):
        return value
    return known.setdefault(_identity(value), value)


def _identity(value: object) -> object:
    """A key that tells apart what `==` does not: 1, 1.0 and True; 0.0 and -0.0."""
    kind = type(value)
    if kind is str or kind is bytes:
        return value
    if isinstance(value, tuple):
        return kind, tuple(map(_identity, value))
    if isinstance(value, frozenset):
        return kind, frozenset(map(_identity, value))
    if kind is CodeType:
        return id(value)
    return kind, repr(value)


def _reachable(value: object) -> Iterator[object]:
    """Everything marshal will meet: an object that is held here never looks unshared to it."""
    yield value
    if isinstance(value, CodeType):
        for part in (value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars):
            yield part
            yield from part
        yield from (value.co_filename, value.co_name, value.co_qualname)
        yield from (value.co_linetable, value.co_exceptiontable)
        yield from _reachable(value.co_consts)
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from _reachable(item)


def _without_columns(code: CodeType) -> CodeType:
    """The code with line numbers only, as `python -X no_debug_ranges` compiles it."""
    constants = tuple([_without_columns(c) if isinstance(c, CodeType) else c for c in code.co_consts])
    return code.replace(co_linetable=_line_table(code), co_consts=constants)


def _line_table(code: CodeType) -> bytes:
    table = bytearray()
    current = code.co_firstlineno
    for start, end, line in code.co_lines():
        units = (end - start) // _CODE_UNIT_BYTES
        while units > 0:
            run = min(units, _LONGEST_RUN)
            kind = _NO_LOCATION if line is None else _NO_COLUMNS
            table.append(0x80 | kind << 3 | run - 1)
            if line is not None:
                _append_signed(table, line - current)
                current = line
            units -= run
    return bytes(table)


def _append_signed(table: bytearray, number: int) -> None:
    """Append a signed varint: the sign in the lowest bit, six bits to a byte, 0x40 where more follow."""
    rest = -number << 1 | 1 if number < 0 else number << 1
    while rest >= 0x40:
        table.append(0x40 | rest & 0x3F)
        rest >>= 6
    table.append(rest)
