"""The parts of a package, prepared once and kept in the user's cache.

cache/parts/<key>.files, .bytecode, .imports    the key names the content, the target, and how this
                                                toolchain prepares it
"""

import ast
import hashlib
import json
import os
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolchain.errors import BuildError
from toolchain.packaging.bytecode import UNCOMPILABLE, compile_module, pyc_name
from toolchain.packaging.cache import remove_unused, with_checksum, without_checksum, write_cached
from toolchain.packaging.completeness import required_names
from toolchain.packaging.imports import module_name
from toolchain.packaging.preparation import preparation
from toolchain.packaging.releases import Wheel
from toolchain.packaging.segment import Member, Segment, compressed, load, pack, save
from toolchain.packaging.sources import Source, digest
from toolchain.packaging.target import Target
from toolchain.packaging.wheelhouse import Wheelhouse, is_intact


@dataclass(frozen=True, slots=True)
class Prepared:
    """A part ready for packages; `bytecode` is kept apart where packages choose from it.

    `imports` has for each module the names it may import, `required` those it always does (only of the
    repository's own modules).
    """

    files: Segment
    bytecode: Segment
    imports: dict[str, list[str]]
    required: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """Prepares parts, or takes them from the cache."""

    cache: Path
    wheelhouse: Wheelhouse

    def wheels(self, wheels: Iterable[Wheel], target: Target) -> dict[Wheel, Prepared]:
        """Each wheel prepared. Raises BuildError with all that is wrong in any of them."""
        paths = {wheel: self._path(f"{wheel.sha256}\0{target.python_platform}") for wheel in set(wheels)}
        prepared = {wheel: part for wheel, path in paths.items() if (part := _load(path))}
        missing = [wheel for wheel in paths if wheel not in prepared]
        if missing:
            self.wheelhouse.step(f"checking and compiling {len(missing)} wheels")
        _prepare_all([(self.wheelhouse.path(wheel), target, paths[wheel]) for wheel in missing])
        for wheel in missing:
            part = _load(paths[wheel])
            if part is None:
                raise BuildError(f"{paths[wheel]} vanished while it was used; build again")
            prepared[wheel] = part
        return prepared

    def sources(self, sources: Sequence[Source]) -> Prepared:
        """lib/ prepared, from the cache when nothing in it changed."""
        path = self._path(f"sources\0{digest(sources)}")
        part = _load(path)
        if part is None:
            part = prepare_sources(sources)
            _store(part, path)
        return part

    def _path(self, content: str) -> Path:
        key = hashlib.sha256(f"{content}\0{preparation()}".encode()).hexdigest()
        return self.cache / "parts" / key


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
    return Prepared(files, pack([]), imports, required)


def _prepare_all(work: Sequence[tuple[Path, Target, Path]]) -> None:
    """Read, check and compile wheels, the largest first, on all processors."""
    if not work:
        return
    remove_unused(work[0][2].parent, time.time())
    ordered = sorted(work, key=lambda item: -item[0].stat().st_size)
    problems = [prepare_wheel(*ordered[0])] if len(ordered) == 1 else _prepare_in_parallel(ordered)
    if any(problems):
        raise BuildError(problem for found in problems for problem in found)


def _prepare_in_parallel(work: Sequence[tuple[Path, Target, Path]]) -> list[tuple[str, ...]]:
    from concurrent.futures import ProcessPoolExecutor  # 10 ms, and only new wheels need it
    from concurrent.futures.process import BrokenProcessPool

    processes = min(len(work), os.process_cpu_count() or 1)
    try:
        with ProcessPoolExecutor(processes, initializer=_end_with_parent) as pool:
            return list(pool.map(prepare_wheel, *zip(*work, strict=True)))
    except BrokenProcessPool as error:
        raise BuildError(
            "a process that compiled wheels was killed, as happens when memory runs out; build again"
        ) from error


def _end_with_parent() -> None:
    """Let this worker end when the build is killed: it would wait for work forever, holding dist/'s lock."""
    from multiprocessing import parent_process

    def wait() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def prepare_wheel(wheel: Path, target: Target, path: Path) -> tuple[str, ...]:
    """Put a wheel's part into the cache; returns what is wrong with the wheel."""
    from toolchain.packaging.wheel import read_wheel  # reads ELF: only when a wheel is new

    if not is_intact(wheel):
        wheel.unlink(missing_ok=True)
        return (f"{wheel.name} is not what was once downloaded, and was removed from the cache; build again",)
    try:
        content = read_wheel(wheel, target)
        _store(Prepared(pack(content.files), pack(content.bytecode), content.imports), path)
    except BuildError as error:
        return error.problems
    return ()


def _load(path: Path) -> Prepared | None:
    files, bytecode = load(path.with_suffix(".files")), load(path.with_suffix(".bytecode"))
    if files is None or bytecode is None:
        return None
    try:
        content = without_checksum(path.with_suffix(".imports").read_bytes())
    except OSError:
        return None
    if content is None:
        return None
    names = json.loads(bytes(content))
    return Prepared(files, bytecode, names["imports"], names["required"])


def _store(part: Prepared, path: Path) -> None:
    names = with_checksum(json.dumps({"imports": part.imports, "required": part.required}).encode())
    write_cached(path.with_suffix(".imports"), lambda partial: partial.write_bytes(names))
    write_cached(path.with_suffix(".bytecode"), lambda partial: save(part.bytecode, partial))
    write_cached(path.with_suffix(".files"), lambda partial: save(part.files, partial))
