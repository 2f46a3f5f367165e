"""Installs peers, each pinned, into directories of the benchmarks' own cache."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.peers.peer import Unavailable
from benchmarks.processes import Spawner
from benchmarks.surroundings import Surroundings, online


def install_from_pypi(surroundings: Surroundings, spawner: Spawner, packages: Mapping[str, str]) -> Path:
    """An environment with the packages (name -> version), made on first use.

    Raises Unavailable when it can't be had.
    """
    directory = surroundings.tools / "-".join(f"{name}-{version}" for name, version in packages.items())
    finished = directory / ".installed"
    if not finished.exists():
        command = surroundings.command
        cwd = surroundings.work
        make = command("uv", "venv", "--quiet", "--clear", "--python", sys.executable, directory, cwd=cwd)
        into = ("--python", directory / "bin" / "python")
        pins = [f"{name}=={version}" for name, version in packages.items()]
        fill = command("uv", "pip", "install", "--quiet", *into, *pins, cwd=cwd)
        try:
            spawner.run([online(make), online(fill)])
        except BenchmarkError as error:
            raise Unavailable(f"it could not be installed from PyPI: {error}") from error
        finished.touch()
    return directory


def install_from_npm(surroundings: Surroundings, spawner: Spawner, packages: Mapping[str, str]) -> Path:
    """A directory whose node_modules holds the packages (name -> version).

    Plugins name `serverless` as their peer, which would be installed beside osls that is in its place.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("npm is not on PATH")
    pins = [f"{name}@{version}" for name, version in packages.items()]
    directory = surroundings.tools / "-".join(pins).replace("/", "-")
    finished = directory / ".installed"
    if not finished.exists():
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "package.json").write_text('{"private": true}\n')
        options = ("--no-audit", "--no-fund", "--legacy-peer-deps")
        install = surroundings.command(npm, "install", *options, *pins, cwd=directory)
        try:
            spawner.run([install])
        except BenchmarkError as error:
            raise Unavailable(f"it could not be installed with npm: {error}") from error
        finished.touch()
    return directory
