"""`requirements.in` -> hash-pinned `requirements.txt`, for every function and for the toolchain itself.

One version of a distribution serves the whole repository: requirements-dev.txt is resolved from
pyproject.toml and all functions' requirements.in together, and each function's requirements.txt takes
its versions from there. So the tests run what is deployed, and packages share their prepared wheels.
Other dependency groups are tools with an environment of their own: requirements-<group>.txt.
"""

import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from toolchain.atomic_files import replace_file
from toolchain.errors import LockError
from toolchain.packaging.lockfile import render, verify
from toolchain.packaging.requirements import parse_requirements
from toolchain.packaging.target import PYTHON_VERSION
from toolchain.packaging.uv import reason, run_uv, yanked
from toolchain.project import Project


@dataclass(frozen=True, slots=True)
class Lock:
    """A requirements.txt and what it is resolved from; `arguments` are for `uv pip compile`."""

    path: Path
    inputs: tuple[bytes, ...]
    arguments: tuple[str, ...]


def lock(project: Project, names: Iterable[str] | None = None, *, upgrade: bool = False) -> list[Path]:
    """Resolve the locks of the named functions, or of all; returns the files that changed.

    Raises LockError with uv's explanation of what can't be resolved.
    """
    functions = _function_locks(project)
    chosen = functions if names is None else _named(functions, names)
    changed = []
    for one in _group_locks(project):
        changed += [one.path] if _resolve(project, one, upgrade=upgrade) else []
    problems: list[str] = []
    for one in chosen:
        try:
            changed += [one.path] if _resolve(project, one) else []
        except LockError as error:
            problems += error.problems
    if problems:
        raise LockError(problems)
    return changed + _remove_orphans(project)


def check(project: Project) -> None:
    """Raise LockError with every lock that is missing, stale, edited, or at odds with the toolchain's."""
    problems = []
    for one in (*_group_locks(project), *_function_locks(project)):
        problem = verify(one.inputs, _read(one.path), project.relative(one.path))
        if problem:
            problems.append(problem)
    if not problems:
        problems = _version_conflicts(project)
    problems += [f"{project.relative(path)} has no requirements.in; remove it" for path in _orphans(project)]
    if problems:
        raise LockError(problems)


def _wanted(functions: Iterable[Path]) -> bytes:
    """What functions require, whichever they are: one more that needs nothing new changes nothing."""
    return b"\n".join(sorted({line.strip() for path in functions for line in path.read_bytes().splitlines()}))


def _group_locks(project: Project) -> list[Lock]:
    """The locks of pyproject.toml's dependency groups; that of `dev` has the functions' requirements, too."""
    groups = tomllib.loads(_text(project.root / "pyproject.toml"))["dependency-groups"]
    functions = _function_inputs(project)
    relative = [project.relative(path) for path in functions]
    development = Lock(
        path=project.requirements,
        inputs=(repr(sorted(groups["dev"])).encode(), _wanted(functions)),
        arguments=("--group", "pyproject.toml:dev", *relative, "--no-annotate"),
    )
    tools = [
        Lock(
            path=project.root / f"requirements-{name}.txt",
            inputs=(repr(sorted(groups[name])).encode(),),
            arguments=("--group", f"pyproject.toml:{name}", "--no-annotate"),
        )
        for name in sorted(groups.keys() - {"dev"})
    ]
    return [development, *tools]


def _function_locks(project: Project) -> list[Lock]:
    constraint = ("--constraints", project.relative(project.requirements), "--only-binary", ":all:")
    return [
        Lock(path.with_suffix(".txt"), (path.read_bytes(),), (project.relative(path), *constraint))
        for path in _function_inputs(project)
    ]


def _function_inputs(project: Project) -> list[Path]:
    return sorted(project.functions.glob("*/requirements.in"))


def _named(functions: Iterable[Lock], names: Iterable[str]) -> list[Lock]:
    by_name = {one.path.parent.name: one for one in functions}
    wanted = set(names)
    if unknown := wanted - by_name.keys():
        raise LockError(f"functions/{name}/requirements.in is missing" for name in unknown)
    return [by_name[name] for name in sorted(wanted)]


def _resolve(project: Project, lock: Lock, *, upgrade: bool = False) -> bool:
    """Write the lock if it differs; the versions it has now are kept where they still fit."""
    before, shown = _read(lock.path), project.relative(lock.path)
    with tempfile.TemporaryDirectory(prefix="lock-") as directory:
        output = Path(directory) / "requirements.txt"
        if before is not None and not upgrade:
            output.write_bytes(before)
        found, stderr = run_uv(_command(lock, output), cwd=project.root)
        if not found:
            raise LockError(f"{shown}: {reason(stderr)}")
        if withdrawn := yanked(stderr):
            raise LockError(
                f"{shown}: {release}; run `invoke lock --upgrade`, or ask for another version"
                for release in withdrawn
            )
        pins = [line for line in _text(output).splitlines() if not line.startswith("#")]
    body = ("\n".join(pins) + "\n" if pins else "").encode()
    after = render(lock.inputs, body)
    if after == before:
        return False
    _replace(lock.path, after, shown)
    return True


def _command(lock: Lock, output: Path) -> list[str]:
    return [
        *("pip", "compile", *lock.arguments, "--universal", "--generate-hashes", "--no-header"),
        *("--python-version", ".".join(map(str, PYTHON_VERSION)), "--annotation-style", "line"),
        *("--output-file", str(output)),
    ]


def _version_conflicts(project: Project) -> list[str]:
    """Pins of functions that differ from requirements-dev.txt, as after a merge of two branches."""
    development = project.relative(project.requirements)
    versions: dict[str, set[str]] = {}  # of one name there are several where markers tell them apart
    for pin in parse_requirements(_text(project.requirements), development):
        versions.setdefault(pin.name, set()).add(pin.version)
    return [
        f"{project.relative(path)}: {pin.requirement}, but {development} has "
        f"{' and '.join(sorted(versions.get(pin.name, {'none'})))}; run `invoke lock`"
        for path in sorted(project.functions.glob("*/requirements.txt"))
        for pin in parse_requirements(_text(path), project.relative(path))
        if pin.version not in versions.get(pin.name, ())
    ]


def _orphans(project: Project) -> list[Path]:
    locks = sorted(project.functions.glob("*/requirements.txt"))
    return [path for path in locks if not path.with_suffix(".in").exists()]


def _remove_orphans(project: Project) -> list[Path]:
    orphans = _orphans(project)
    for path in orphans:
        path.unlink()
    return orphans


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _replace(path: Path, content: bytes, shown: str) -> None:
    try:
        replace_file(path, content)
    except OSError as error:
        raise LockError(f"{shown} can't be written: {error.strerror}") from error
