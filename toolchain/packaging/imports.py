"""Which modules a module may import, and which are thereby reachable from a function.

Read from compiled code, where a conditional, deferred or type-checking import counts like any other: too
many names do no harm here, since they only decide which modules get bytecode into a package.
"""

import dis
from collections.abc import Container, Iterable, Iterator, Mapping
from types import CodeType

_IMPORT_NAME = dis.opmap["IMPORT_NAME"]
_EXTENDED_ARG = dis.EXTENDED_ARG


def is_package(name: str) -> bool:
    """Whether a file is a package's own module: `lib/__init__.py`."""
    return name.rpartition("/")[2] == "__init__.py"


def module_name(name: str) -> str:
    """`lib/http/request.py` -> `lib.http.request`; `lib/__init__.py` -> `lib`."""
    dotted = name.removesuffix(".py").replace("/", ".")
    return dotted.removesuffix(".__init__")


def package_of(module: str, *, is_package: bool) -> str:
    """The package that a module's relative imports start from."""
    return module if is_package else module.rpartition(".")[0]


def with_parents(name: str) -> Iterator[str]:
    """`a.b.c` -> `a.b.c`, `a.b`, `a`: importing a module imports its packages first."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def imported_names(code: CodeType, module: str, *, is_package: bool) -> frozenset[str]:
    """The absolute names in all import statements of a module, nested ones included.

    `from a import b` gives `a` and `a.b`, since b may be a module.
    """
    package = package_of(module, is_package=is_package)
    names: set[str] = set()
    for base, level, members in _import_statements(code):
        start = absolute_name(base, level, package)
        if start:
            names.add(start)
            names.update(f"{start}.{member}" for member in members or ())
    return frozenset(names)


def links(imports: Mapping[str, Iterable[str]], modules: Container[str]) -> dict[str, set[str]]:
    """What each module imports of the `modules`, in place of all names that it imports."""
    return {module: {_nearest(name, modules) for name in names} - {""} for module, names in imports.items()}


def _nearest(name: str, modules: Container[str]) -> str:
    """`a.b.c` -> `a.b` where that is a module and `a.b.c` is not; empty when no part is."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name


def reachable(roots: Iterable[str], imports: Mapping[str, Iterable[str]]) -> set[str]:
    """What is imported, directly or not, from the roots: modules, and other names that `imports` has."""
    met: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        while name and name not in met:
            met.add(name)
            waiting += imports.get(name, ())
            name = name.rpartition(".")[0]  # importing `a.b` runs `a` first
    return met


def absolute_name(base: str, level: int, package: str) -> str:
    """The module an import statement names: `from ..x import y` in `a.b.c` is level 2 of `a.b`: `a.x`."""
    if level == 0:
        return base
    for _ in range(level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{base}" if base and package else package


def _import_statements(code: CodeType) -> Iterator[tuple[str, int, tuple[str, ...] | None]]:
    """Name, level and members of each import: operand, and the two constants that are loaded before it."""
    opcodes = code.co_code[::2]
    position = opcodes.find(_IMPORT_NAME)
    while position >= 0:
        name, before = _argument(code.co_code, position)
        members, before = _argument(code.co_code, before)
        level, _ = _argument(code.co_code, before)
        yield code.co_names[name], code.co_consts[level], code.co_consts[members]
        position = opcodes.find(_IMPORT_NAME, position + 1)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _import_statements(constant)


def _argument(instructions: bytes, position: int) -> tuple[int, int]:
    """An instruction's argument with its EXTENDED_ARG prefixes, and the position of the one before."""
    argument, shift = instructions[2 * position + 1], 8
    position -= 1
    while position >= 0 and instructions[2 * position] == _EXTENDED_ARG:
        argument |= instructions[2 * position + 1] << shift
        shift += 8
        position -= 1
    return argument, position
