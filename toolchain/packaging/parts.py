"""The parts of a package, prepared once and kept in the user's cache.

cache/parts/<key>.files, .bytecode    the key names the content, the target, and how this toolchain
                                      prepares it
"""

import ast
import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolchain.errors import BuildError
from toolchain.packaging.bytecode import UNCOMPILABLE, compile_module, pyc_name
from toolchain.packaging.cache import remove_unused, write_cached
from toolchain.packaging.completeness import required_names
from toolchain.packaging.imports import module_name
from toolchain.packaging.preparation import preparation
from toolchain.packaging.releases import Wheel
from toolchain.packaging.segment import Member, Segment, compressed, load, pack, save
from toolchain.packaging.sources import Source, digest
from toolchain.packaging.target import Target
from toolchain.packaging.wheel_parts import Bytecode, add_bytecode, load_bytecode, prepare_files
from toolchain.packaging.wheelhouse import Wheelhouse
from toolchain.packaging.workers import Workers


@dataclass(frozen=True, slots=True)
class Prepared:
    """A part ready for packages; `bytecode` is kept apart where packages choose from it.

    `imports` has for each module that was compiled the names it may import, `required` those it always does
    (only of the repository's own modules).
    """

    files: Segment
    bytecode: dict[str, Member]
    imports: dict[str, list[str]]
    required: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """Prepares parts, or takes them from the cache."""

    cache: Path
    wheelhouse: Wheelhouse
    workers: Workers

    def wheels(self, wheels: Iterable[Wheel], target: Target) -> dict[Wheel, Prepared]:
        """Each wheel prepared, with what is compiled of it so far.

        Raises BuildError with all that is wrong in any of them.
        """
        paths = {wheel: self._path_of(wheel, target) for wheel in set(wheels)}
        files = {wheel: found[0] for wheel, path in paths.items() if (found := load(_files(path)))}
        if missing := [wheel for wheel in paths if wheel not in files]:
            self.wheelhouse.step(f"checking {len(missing)} wheels")
            remove_unused(self.cache / "parts", time.time())
            work = [(self.wheelhouse.path(wheel), target, paths[wheel]) for wheel in missing]
            self.workers.run(prepare_files, sorted(work, key=_largest_first))
        files |= {wheel: _load_files(paths[wheel]) for wheel in missing}
        bytecode = {wheel: load_bytecode(path) for wheel, path in paths.items()}
        return {wheel: Prepared(files[wheel], one.modules, one.imports) for wheel, one in bytecode.items()}

    def compile(self, wanted: Mapping[Wheel, Iterable[str]], target: Target) -> dict[Wheel, Bytecode]:
        """Compile modules of wheels, and what they reach there; returns all that is compiled of each."""
        self.wheelhouse.step(f"compiling modules of {len(wanted)} wheels")
        paths = {wheel: self._path_of(wheel, target) for wheel in wanted}
        work = [(self.wheelhouse.path(wheel), sorted(names), paths[wheel]) for wheel, names in wanted.items()]
        self.workers.run(add_bytecode, sorted(work, key=_largest_first))
        return {wheel: load_bytecode(path) for wheel, path in paths.items()}

    def sources(self, sources: Sequence[Source]) -> Prepared:
        """lib/ prepared, from the cache when nothing in it changed."""
        path = _files(self._path(f"sources\0{digest(sources)}"))
        if loaded := load(path):
            files, names = loaded[0], json.loads(loaded[1])
            return Prepared(files, {}, names["imports"], names["required"])
        part = prepare_sources(sources)
        names = json.dumps({"imports": part.imports, "required": part.required}).encode()
        write_cached(path, lambda partial: save(part.files, names, partial))
        return part

    def _path_of(self, wheel: Wheel, target: Target) -> Path:
        return self._path(f"{wheel.sha256}\0{target.python_platform}")

    def _path(self, content: str) -> Path:
        key = hashlib.sha256(f"{content}\0{preparation()}".encode()).hexdigest()
        return self.cache / "parts" / key


def _files(path: Path) -> Path:
    return path.with_suffix(".files")


def _load_files(path: Path) -> Segment:
    loaded = load(_files(path))
    if loaded is None:
        raise BuildError(f"{_files(path)} vanished while it was used; build again")
    return loaded[0]


def _largest_first(work: tuple[Path, Any, Path]) -> int:
    """Wheels in the order in which they keep all processors busy."""
    return -work[0].stat().st_size


def prepare_sources(sources: Iterable[Source]) -> Prepared:
    """Files of the repository beside their bytecode. Raises BuildError with every syntax error."""
    problems: list[str] = []
    members: list[Member] = []
    imports: dict[str, list[str]] = {}
    required: dict[str, list[str]] = {}
    for source in sources:
        members.append(compressed(source.name, source.content, executable=source.executable))
        if source.name.endswith(".py"):
            try:
                compiled = compile_module(source.content, source.name, with_columns=True)
            except SyntaxError as error:
                problems.append(f"{source.name}:{error.lineno or 1}: {error.msg}")
            except UNCOMPILABLE as error:
                problems.append(f"{source.name}: {error}")
            else:
                members.append(compressed(pyc_name(source.name), compiled.pyc))
                imports[module_name(source.name)] = sorted(compiled.imports)
                tree = ast.parse(source.content)
                required[module_name(source.name)] = required_names(tree, source.name)
    if problems:
        raise BuildError(problems)
    files = pack(sorted(members, key=lambda member: member.name))
    return Prepared(files, {}, imports, required)
