"""`invoke build`: decides which packages are current, makes the others, writes dist/functions.json."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolchain.errors import ManifestError
from toolchain.packaging import inputs
from toolchain.packaging.inputs import Declarations, Inputs
from toolchain.packaging.progress import Progress, Result
from toolchain.packaging.state import State, empty, exclusive, read_state, write_state, write_text, zip_path
from toolchain.packaging.target import Architecture
from toolchain.project import Project


@dataclass(frozen=True, slots=True)
class Request:
    """What to build: one function or all, for its own architecture or another, from what is there or anew."""

    function: str | None = None
    architecture: Architecture | None = None
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build will do: packages that are current, and inputs of those that are not."""

    reused: tuple[Result, ...]
    to_build: tuple[Inputs, ...]


def build(project: Project, cache: Path, request: Request, progress: Progress) -> list[Result]:
    """Bring dist/ up to date.

    Raises ToolchainError with every problem of every function before anything is written.
    """
    with exclusive(project.dist):
        if request.clean:
            empty(project.dist)
        state = read_state(project.dist)
        name = inputs.project_name(project, cache)
        declared = inputs.declarations(project, cache)
        chosen = _choose(declared, request.function)
        library, gathered = inputs.gather(project, chosen, request.architecture)
        plan = decide(gathered, state, project.dist)
        for result in plan.reused:
            progress.finished(result)
        results = list(plan.reused)
        if plan.to_build:
            from toolchain.packaging.making import make  # 15 ms, and mostly nothing changed

            made = make(project, cache, plan.to_build, library, progress)
            state |= {one.result.name: one.built for one in made}
            results += [one.result for one in made]
        _finish(project, name, declared, state)
    return sorted(results, key=lambda result: result.name)


def decide(gathered: Iterable[Inputs], state: State, dist: Path) -> Plan:
    """Which packages are current: made from the same inputs, and their file as it was written."""
    reused, to_build = [], []
    for one in gathered:
        built = state.get(one.name)
        if built and built.fingerprint == one.fingerprint and built.is_at(zip_path(dist, one.name)):
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
        from toolchain.manifest.names import did_you_mean  # not where nothing is wrong: it takes 100 ms

        meant = did_you_mean(name, declared)
        choice = f"{meant} There are" if meant else "there are"
        raise ManifestError(f"there is no function {name}; {choice} {', '.join(sorted(declared))}")
    return [declared[name]]


def _finish(project: Project, project_name: str, declared: Declarations, state: State) -> None:
    """Forget packages that are gone, and write functions.json; but none that lacks a function."""
    current = {
        name: built
        for name, built in state.items()
        if name in declared and built.is_at(zip_path(project.dist, name))
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
