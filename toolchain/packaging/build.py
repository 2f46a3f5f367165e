"""`invoke build`: decides which packages are current, makes the others, writes dist/functions.json."""

import base64
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from toolchain.errors import ManifestError
from toolchain.packaging import inputs, limits
from toolchain.packaging.assembly import Assembly, assemble
from toolchain.packaging.inputs import Declarations, Inputs
from toolchain.packaging.name import read_name
from toolchain.packaging.parts import Parts
from toolchain.packaging.state import Built, State, empty, exclusive, read_state, write_state, write_text
from toolchain.packaging.target import Architecture
from toolchain.packaging.wheelhouse import Wheelhouse
from toolchain.project import Project


@dataclass(frozen=True, slots=True)
class Request:
    """What to build: one function or all, for its own architecture or another, from what is there or anew."""

    function: str | None = None
    architecture: Architecture | None = None
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """A package in dist/; sizes in bytes, `seconds` spent on this package alone."""

    name: str
    zip_bytes: int
    unzipped_bytes: int
    sha256: str
    status: Literal["built", "reused"]
    seconds: float
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build will do: packages that are current, and inputs of those that are not."""

    reused: tuple[Result, ...]
    to_build: tuple[Inputs, ...]


class Progress(Protocol):
    """Hears of a build while it goes on."""

    def step(self, text: str) -> None:
        """Something that may take a while begins."""

    def finished(self, result: Result) -> None:
        """A package is in dist/."""


class Silent:
    """Progress that nobody looks at."""

    def step(self, text: str) -> None: ...

    def finished(self, result: Result) -> None: ...


def build(project: Project, cache: Path, request: Request, progress: Progress) -> list[Result]:
    """Bring dist/ up to date.

    Raises ToolchainError with every problem of every function before anything is written.
    """
    with exclusive(project.dist):
        if request.clean:
            empty(project.dist)
        state = read_state(project.dist)
        name = read_name(project)
        declared = inputs.declarations(project, cache)
        chosen = _choose(declared, request.function)
        library, gathered = inputs.gather(project, chosen, request.architecture)
        plan = decide(gathered, state, project.dist)
        for result in plan.reused:
            progress.finished(result)
        parts = Parts(cache, Wheelhouse(cache, project.root, progress.step))
        assemblies = assemble(plan.to_build, library, parts) if plan.to_build else []
        results = [*plan.reused, *(_write(project, assembly, state, progress) for assembly in assemblies)]
        _finish(project, name, declared, state)
    return sorted(results, key=lambda result: result.name)


def decide(gathered: Iterable[Inputs], state: State, dist: Path) -> Plan:
    """Which packages are current: made from the same inputs, and their file as it was written."""
    reused, to_build = [], []
    for one in gathered:
        built = state.get(one.name)
        if built and built.fingerprint == one.fingerprint and built.is_at(_zip(dist, one.name)):
            sizes = (built.zip_bytes, built.unzipped_bytes)
            reused.append(Result(one.name, *sizes, built.sha256, "reused", 0.0))
        else:
            to_build.append(one)
    return Plan(tuple(reused), tuple(to_build))


def functions_document(project_name: str, declarations: Declarations, state: State) -> dict[str, Any]:
    """dist/functions.json: the declarations, each with its package; what Terraform reads.

    The architecture is that of the package, whatever the manifest says by now.
    """
    functions = {}
    for name, declared in sorted(declarations.items()):
        built = state[name]
        functions[name] = {
            **declared,
            "architecture": built.architecture,
            "zip": {
                "path": f"dist/{name}.zip",
                "sha256": built.sha256,
                "sha256_base64": base64.b64encode(bytes.fromhex(built.sha256)).decode(),
                "bytes": built.zip_bytes,
                "unzipped_bytes": built.unzipped_bytes,
            },
        }
    return {"format": 1, "project": project_name, "runtime": "python3.13", "functions": functions}


def _choose(declared: dict[str, dict[str, Any]], name: str | None) -> list[dict[str, Any]]:
    if name is None:
        return list(declared.values())
    if name not in declared:
        raise ManifestError(f"there is no function {name}; there are {', '.join(sorted(declared))}")
    return [declared[name]]


def _write(project: Project, assembly: Assembly, state: State, progress: Progress) -> Result:
    started = time.perf_counter()
    name, path = assembly.inputs.name, _zip(project.dist, assembly.inputs.name)
    package = assembly.write(path)
    sizes = (package.zip_bytes, package.unzipped_bytes)
    made_from = (assembly.inputs.fingerprint, assembly.inputs.target.architecture)
    state[name] = Built(*made_from, package.sha256, *sizes, path.stat().st_mtime_ns)
    zipped = [(part.label, len(part.segment.data)) for part in assembly.parts]
    warning = limits.too_large_to_upload(name, package.zip_bytes, zipped)
    seconds = time.perf_counter() - started
    result = Result(name, *sizes, package.sha256, "built", round(seconds, 4), warning)
    progress.finished(result)
    return result


def _finish(project: Project, project_name: str, declared: Declarations, state: State) -> None:
    """Forget packages that are gone, and write functions.json; but none that lacks a function."""
    current = {
        name: built
        for name, built in state.items()
        if name in declared and built.is_at(_zip(project.dist, name))
    }
    write_state(project.dist, current)
    document = project.dist / "functions.json"
    if current.keys() == declared.keys():
        content = functions_document(project_name, declared, current)
        text = json.dumps(content, indent=2, sort_keys=True) + "\n"
        if not document.exists() or document.read_bytes() != text.encode():
            write_text(document, text)
    else:
        document.unlink(missing_ok=True)
    for path in project.dist.glob("*.zip"):
        if path.stem not in declared:
            path.unlink()


def _zip(dist: Path, name: str) -> Path:
    return dist / f"{name}.zip"
