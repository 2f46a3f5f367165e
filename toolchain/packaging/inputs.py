"""Gathers what each package is made from, and a fingerprint of it that tells whether anything changed."""

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from toolchain.errors import BuildError, LockError, ToolchainError
from toolchain.packaging.cache import remove_unused, with_checksum, without_checksum, write_cached
from toolchain.packaging.lockfile import verify, without_comments
from toolchain.packaging.preparation import preparation
from toolchain.packaging.sources import Source, digest, read_included, read_tree
from toolchain.packaging.target import Architecture, Target
from toolchain.project import Project

_HANDLER_LINES = re.compile(rb"^.*\bhandler\b.*$", re.MULTILINE)


type Declarations = dict[str, dict[str, Any]]
"""Functions by name, each as `toolchain.manifest.declaration` gives it."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one function's package is made from, beside lib/; `has_layers` when layers add to it on Lambda."""

    name: str
    target: Target
    requirements: bytes
    sources: tuple[Source, ...]
    has_layers: bool
    fingerprint: str

    @property
    def requirements_file(self) -> str:
        return f"functions/{self.name}/requirements.txt"

    @property
    def pinned(self) -> bytes:
        """The pins: equal for functions that share their wheels."""
        return without_comments(self.requirements)


def declarations(project: Project, cache: Path) -> Declarations:
    """The validated manifests as data, from the cache unless something they depend on has changed.

    Raises ManifestError with everything that is wrong with any of them.
    """

    def validate() -> Declarations:
        from toolchain.manifest import declaration, read_functions  # pydantic: 0.1 s

        return {name: declaration(function) for name, function in read_functions(project).items()}

    declared: Declarations = _remembered(cache / "declarations", _manifests_digest(project), validate)
    return declared


def project_name(project: Project, cache: Path) -> str:
    """The project's name, from the cache unless pyproject.toml has changed. Raises BuildError."""

    def read() -> str:
        from toolchain.packaging.name import read_name  # tomllib: 4 ms

        return read_name(project)

    content = _content(project.root / "pyproject.toml") or b""
    key = hashlib.sha256(preparation().encode() + content).hexdigest()
    name: str = _remembered(cache / "names", key, read)
    return name


def _remembered(directory: Path, key: str, make: Callable[[], object]) -> Any:  # noqa: ANN401 - JSON
    """What `make` gives; what it gave for an equal key before, if the cache still has it."""
    kept = directory / f"{key}.json"
    with contextlib.suppress(OSError, ValueError):
        return json.loads(bytes(without_checksum(kept.read_bytes()) or b""))
    made = make()
    content = with_checksum(json.dumps(made).encode())
    remove_unused(directory, time.time())
    write_cached(kept, lambda partial: partial.write_bytes(content))
    return made


def gather(
    project: Project, declared: Iterable[dict[str, Any]], architecture: Architecture | None
) -> tuple[tuple[Source, ...], list[Inputs]]:
    """lib/, and the inputs of the declared functions.

    Raises BuildError or LockError with everything that is wrong with any of them.
    """
    problems: list[ToolchainError] = []
    library: tuple[Source, ...] = ()
    try:
        library = read_tree(project.root, project.lib) if project.lib.is_dir() else ()
    except BuildError as error:
        problems.append(error)
    shared, gathered = digest(library), []
    for function in declared:
        try:
            gathered.append(_gather_one(project, function, shared, architecture))
        except (BuildError, LockError) as error:
            problems.append(error)
    if problems:
        kind = LockError if all(isinstance(problem, LockError) for problem in problems) else BuildError
        raise kind(line for problem in problems for line in problem.problems)
    return library, gathered


def _gather_one(
    project: Project, declared: dict[str, Any], library: str, architecture: Architecture | None
) -> Inputs:
    name, folder = declared["name"], project.functions / declared["name"]
    target = Target(cast("Architecture", architecture or declared["architecture"]))
    requirements = _requirements(folder, f"functions/{name}")
    included = read_included(project.root, declared["include"], f"functions/{name}/function.yaml")
    by_name = {source.name: source for source in (*included, *read_tree(project.root, folder))}
    sources = tuple(by_name[path] for path in sorted(by_name) if not path.startswith("lib/"))
    has_layers = bool(declared["layers"])
    content = (library, digest(sources), without_comments(requirements).hex(), str(has_layers))
    made_from = "\0".join((preparation(), target.python_platform, *content))
    fingerprint = hashlib.sha256(made_from.encode()).hexdigest()
    return Inputs(name, target, requirements, sources, has_layers, fingerprint)


def _requirements(folder: Path, shown: str) -> bytes:
    """The lock of a function, empty for a function without requirements.in."""
    wanted, locked = _content(folder / "requirements.in"), _content(folder / "requirements.txt")
    if wanted is None:
        if locked is not None:
            raise LockError(f"{shown}/requirements.txt has no requirements.in; remove it, or add one")
        return b""
    problem = verify([wanted], locked, f"{shown}/requirements.txt")
    if problem:
        raise LockError(problem)
    return locked or b""


def _manifests_digest(project: Project) -> str:
    """A hash of all that validation looks at: manifests, which events exist, what defines a handler."""
    total = hashlib.sha256(preparation().encode())
    for manifest_code in sorted((Path(__file__).parents[1] / "manifest").glob("*.py")):
        total.update(manifest_code.read_bytes())
    for event in sorted(project.events.glob("**/*.json")):
        total.update(f"{event.name}\0{event.parent.name}\0".encode())
    for folder in sorted(path for path in project.functions.glob("*") if path.is_dir()):
        total.update(f"{folder.name}\0".encode())
        total.update(_content(folder / "function.yaml") or b"\0")
        total.update(b"\n".join(_HANDLER_LINES.findall(_content(folder / "handler.py") or b"\0")))
    return total.hexdigest()


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BuildError(f"{path.parent.name}/{path.name} can't be read: {error.strerror}") from error
