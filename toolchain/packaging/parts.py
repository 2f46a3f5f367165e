"""The parts of a package, prepared once and kept in the user's cache.

cache/segments/<key>.segment     the key names the content, the target, and how this toolchain prepares it
"""

import ast
import functools
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import deflate

from toolchain.errors import BuildError
from toolchain.packaging.bytecode import compile_module, pyc_name
from toolchain.packaging.completeness import required_names
from toolchain.packaging.imports import module_name
from toolchain.packaging.segment import Member, Segment, compressed, load, pack, save
from toolchain.packaging.sources import Source, digest
from toolchain.packaging.target import Target
from toolchain.packaging.wheelhouse import Wheel, Wheelhouse

_UNUSED_SECONDS = 30 * 24 * 3600


@functools.cache
def preparation() -> str:
    """How parts are prepared, as a hash: this code, the interpreter that compiles, the compressor."""
    own = hashlib.sha256(f"{sys.version}\0{deflate.__version__}\0".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        own.update(path.read_bytes())
    return own.hexdigest()


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
            except ValueError as error:
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
    if work[0][2].parent.is_dir():
        _remove_unused(work[0][2].parent, time.time())
    ordered = sorted(work, key=lambda item: -item[0].stat().st_size)
    if len(ordered) == 1:
        problems = [prepare_wheel(*ordered[0])]
    else:
        with ProcessPoolExecutor(max_workers=min(len(ordered), os.process_cpu_count() or 1)) as pool:
            problems = list(pool.map(prepare_wheel, *zip(*ordered, strict=True)))
    if any(problems):
        raise BuildError(problem for found in problems for problem in found)


def prepare_wheel(wheel: Path, target: Target, path: Path) -> tuple[str, ...]:
    """Put a wheel's part into the cache; returns what is wrong with the wheel."""
    from toolchain.packaging.wheel import read_wheel  # reads ELF: only when a wheel is new

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
        names = json.loads(path.with_suffix(".imports").read_bytes())
        return Prepared(files, bytecode, names["imports"], names["required"])
    except (OSError, ValueError, KeyError):
        return None


def _store(part: Prepared, path: Path) -> None:
    names = json.dumps({"imports": part.imports, "required": part.required})
    _write(path.with_suffix(".imports"), lambda partial: partial.write_text(names))
    _write(path.with_suffix(".bytecode"), lambda partial: save(part.bytecode, partial))
    _write(path.with_suffix(".files"), lambda partial: save(part.files, partial))


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file of the cache in one step, so that a second build never sees a part of it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(partial)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise BuildError(f"the cache in {path.parent} can't be written: {error.strerror}") from error


def _remove_unused(directory: Path, now: float) -> None:
    """Forget what no build has used for a month."""
    for path in directory.iterdir():
        if now - path.stat().st_atime > _UNUSED_SECONDS:
            path.unlink(missing_ok=True)
