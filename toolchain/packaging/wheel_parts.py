"""What the cache keeps of a wheel: its files, and bytecode of as many of its modules as were needed so far.

    <key>.files       what packages get of the wheel, checked
    <key>.bytecode    modules that some function could reach, and what they import

Bytecode is added when a function reaches further. Two builds that do so at once lose what one of them added,
and add it again when it is missed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from toolchain.errors import BuildError
from toolchain.packaging.bytecode import pyc_name
from toolchain.packaging.cache import write_cached
from toolchain.packaging.segment import Member, compressed, load, pack, save
from toolchain.packaging.target import Target
from toolchain.packaging.wheelhouse import is_intact


@dataclass(frozen=True, slots=True)
class Bytecode:
    """Compiled modules, those left out that do not compile; and what each may import, those included."""

    modules: dict[str, Member] = field(default_factory=dict)
    imports: dict[str, list[str]] = field(default_factory=dict)


def load_bytecode(path: Path) -> Bytecode:
    """What is known of a wheel's modules; nothing, at first."""
    loaded = load(path.with_suffix(".bytecode"))
    if loaded is None:
        return Bytecode()
    segment, notes = loaded
    names = json.loads(notes)
    return Bytecode(dict(zip(names["modules"], segment.members(), strict=True)), names["imports"])


def prepare_files(wheel: Path, target: Target, path: Path) -> tuple[str, ...]:
    """Put a wheel's files into the cache; returns what is wrong with the wheel."""
    from toolchain.packaging.wheel import read_wheel  # reads ELF: only when a wheel is new

    try:
        _check(wheel)
        files = pack(read_wheel(wheel, target))
        write_cached(path.with_suffix(".files"), lambda partial: save(files, b"", partial))
    except BuildError as error:
        return error.problems
    return ()


def add_bytecode(wheel: Path, wanted: Iterable[str], path: Path) -> tuple[str, ...]:
    """Compile modules of a wheel, and what they reach in it, for the cache; returns what is wrong."""
    from toolchain.packaging.wheel import compile_wheel

    known = load_bytecode(path)
    modules, imports = dict(known.modules), dict(known.imports)
    try:
        _check(wheel)
        for module, (name, compiled) in compile_wheel(wheel, wanted, imports).items():
            imports[module] = sorted(compiled.imports) if compiled else []
            if compiled:
                modules[module] = compressed(pyc_name(name), compiled.pyc)
        notes = json.dumps({"modules": list(modules), "imports": imports}).encode()
        segment = pack(modules.values())
        write_cached(path.with_suffix(".bytecode"), lambda partial: save(segment, notes, partial))
    except BuildError as error:
        return error.problems
    return ()


def _check(wheel: Path) -> None:
    if not is_intact(wheel):
        wheel.unlink(missing_ok=True)
        raise BuildError(
            f"{wheel.name} is not what was once downloaded, and was removed from the cache; build again"
        )
