"""Node for tests: its test runner, and the packages of a package-lock.json, installed once per user."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from toolchain.project import cache_directory

_DECLARING = ("package.json", "package-lock.json", ".npmrc")
_PATIENCE_SECONDS = 120
_INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")


def need(*programs: str) -> str:
    """The path of the first of these that is installed. Skips the test when none is."""
    for program in programs:
        if path := shutil.which(program):
            return path
    pytest.skip(f"needs {' or '.join(programs)} on PATH")


def provide_packages(folder: Path) -> None:
    """Give a folder its node_modules: a link into the user's cache, which is filled if need be.

    What a package would run at its installation is not run.
    """
    modules = _cached(folder) / "node_modules"
    (folder / "node_modules").symlink_to(modules, target_is_directory=True)


def run_test(script: Path, environment: Mapping[str, str]) -> None:
    """Run tests of Node's own runner, which tells what does not work."""
    run_node("node", "--test", "--test-reporter=spec", script.name, folder=script.parent, **environment)


def run_node(*command: str, folder: Path, **environment: str) -> None:
    """Run a command of Node's or npm's in a folder, with more variables in its environment."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}{done.stderr}"


def _cached(folder: Path) -> Path:
    """Where the packages are, under a name made of all that they are installed by."""
    digest = hashlib.sha256()
    for name in _DECLARING:
        digest.update((folder / name).read_bytes())
    cache = cache_directory(os.environ) / "npm"
    place = cache / digest.hexdigest()[:32]
    if not place.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        _install(folder, place)
    return place


def _install(folder: Path, place: Path) -> None:
    """Install elsewhere, then rename: a place is complete, and the first of two runs makes it."""
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".installing-") as temporary:
        making = Path(temporary) / "packages"
        making.mkdir()
        for name in _DECLARING:
            shutil.copy(folder / name, making)
        run_node(*_INSTALL, folder=making)
        try:
            making.rename(place)
        except OSError:
            assert place.is_dir()
