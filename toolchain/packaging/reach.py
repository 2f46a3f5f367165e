"""Which modules functions can reach; those of wheels are compiled when they are first reached."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toolchain.errors import BuildError
from toolchain.packaging.imports import links, reachable
from toolchain.packaging.parts import Parts, Prepared
from toolchain.packaging.releases import Wheel
from toolchain.packaging.shared import Shared
from toolchain.packaging.target import Target

_MOST_ROUNDS = 100
"""One for each time that imports lead to another wheel is usual; others' builds may undo some."""

type Wheels = dict[Target, dict[Wheel, Prepared]]


@dataclass(frozen=True, slots=True)
class Start:
    """Where a function's reach starts: its own modules, prepared, and what it shares with others."""

    name: str
    own: Prepared
    shared: Shared
    target: Target


def reach(starts: Sequence[Start], library: Prepared, prepared: Wheels, parts: Parts) -> dict[str, set[str]]:
    """The names that each function can reach; their modules are compiled in `prepared` then.

    What a module imports is known when it is compiled, so this goes from wheel to wheel.
    """
    for _ in range(_MOST_ROUNDS):
        reached = dict(_reached(starts, library, prepared))
        missing = _missing(starts, reached, prepared)
        if not missing:
            return reached
        for target, wanted in missing.items():
            for wheel, compiled in parts.compile(wanted, target).items():
                known = prepared[target][wheel]
                prepared[target][wheel] = replace(known, bytecode=compiled.modules, imports=compiled.imports)
    raise BuildError("the cache loses what is written to it, or other builds never end; build again")


def _reached(starts: Sequence[Start], library: Prepared, prepared: Wheels) -> Iterator[tuple[str, set[str]]]:
    linked: dict[int, dict[str, set[str]]] = {}  # functions with equal requirements share them
    for start in starts:
        if id(start.shared) not in linked:
            linked[id(start.shared)] = _links(start.shared, library, prepared[start.target])
        imports = {**linked[id(start.shared)], **start.own.imports}
        yield start.name, reachable(start.own.imports, imports)


def _links(shared: Shared, library: Prepared, prepared: Mapping[Wheel, Prepared]) -> dict[str, set[str]]:
    imports = {
        module: names
        for module, wheel in shared.modules.items()
        if (names := prepared[wheel].imports.get(module)) is not None
    }
    return links(imports | library.imports, shared.modules.keys() | library.imports.keys())


def _missing(
    starts: Sequence[Start], reached: Mapping[str, set[str]], prepared: Wheels
) -> dict[Target, dict[Wheel, set[str]]]:
    """The modules that are reached and not compiled."""
    missing: dict[Target, dict[Wheel, set[str]]] = {}
    for start in starts:
        for module in reached[start.name] & start.shared.modules.keys():
            wheel = start.shared.modules[module]
            if module not in prepared[start.target][wheel].imports:
                missing.setdefault(start.target, {}).setdefault(wheel, set()).add(module)
    return missing
