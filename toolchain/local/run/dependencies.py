"""A function's own packages, installed for this machine as its requirements.txt pins them.

They are in .local/dependencies/<digest of the pins>, once for all functions with the same pins.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from toolchain.errors import LockError, ToolchainError
from toolchain.file_locks import exclusive
from toolchain.packaging.lockfile import verify
from toolchain.packaging.uv import reason, run_uv
from toolchain.project import Project

KEPT_DAYS = 30
"""How long packages that no run used are kept."""

type Install = Callable[[Path, Path], None]
"""Installs the packages of a requirements.txt (first) into a directory (second)."""


def ensure_dependencies(project: Project, name: str, install: Install, now: float) -> Path | None:
    """The directory of the function's packages, installed if need be; None if it has no requirements.

    `now` is in seconds since the epoch. Raises LockError: requirements.txt is missing or stale, or a package
    can't be had.
    """
    requirements = _current_requirements(project, name)
    pins = _pins(requirements) if requirements else ""
    if requirements is None or not pins:
        return None
    directory = project.local / "dependencies" / _digest(pins)
    try:
        if not directory.is_dir():
            _install_once(requirements, directory, install, now)
        os.utime(directory, (now, now))
    except OSError as error:
        shown = project.relative(directory.parent)
        raise ToolchainError(f"{shown}: {error.strerror}; packages of functions are kept there") from error
    return directory


def install_with_uv(project: Project, announce: Callable[[str], None]) -> Install:
    """From uv's cache if everything is in it, else from the index. Wheels only, hashes checked."""

    def install(requirements: Path, directory: Path) -> None:
        announce(f"installing {project.relative(requirements)}")
        command = _command(requirements, directory)
        installed, _ = run_uv([*command, "--offline"], cwd=project.root)
        if installed:
            return
        installed, stderr = run_uv(command, cwd=project.root)
        if not installed:
            raise LockError(f"{project.relative(requirements)}: {reason(stderr)}")

    return install


def _command(requirements: Path, directory: Path) -> list[str]:
    return [
        *("pip", "install", "--quiet", "--target", str(directory)),
        *("--require-hashes", "--only-binary", ":all:", "--no-deps", "--compile-bytecode"),
        *("--requirements", str(requirements)),
    ]


def _current_requirements(project: Project, name: str) -> Path | None:
    """The function's requirements.txt, or None when it has no requirements.in; raises LockError if stale."""
    declared = project.functions / name / "requirements.in"
    if not declared.exists():
        return None
    locked = declared.with_suffix(".txt")
    text = locked.read_bytes() if locked.exists() else None
    problem = verify((declared.read_bytes(),), text, project.relative(locked))
    if problem:
        raise LockError(problem)
    return locked


def _pins(requirements: Path) -> str:
    """The file without comments: they say which function asked, and would set equal pins apart."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("#"))


def _digest(pins: str) -> str:
    return hashlib.sha256(f"{sys.implementation.cache_tag}\n{pins}".encode()).hexdigest()[:16]


def _install_once(requirements: Path, directory: Path, install: Install, now: float) -> None:
    """Into a directory that gets its name when it is complete; other runs wait meanwhile."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(directory.parent / "lock"):
        if directory.is_dir():
            return
        _clean(directory.parent, now)
        partial = directory.with_suffix(".partial")
        install(requirements, partial)
        partial.rename(directory)


def _clean(directory: Path, now: float) -> None:
    """Remove what killed runs left, and what has not been used for long. Only while holding the lock."""
    for entry in directory.iterdir():
        unused_seconds = now - entry.stat().st_mtime
        if entry.is_dir() and (entry.suffix == ".partial" or unused_seconds > KEPT_DAYS * 86400):
            shutil.rmtree(entry)
