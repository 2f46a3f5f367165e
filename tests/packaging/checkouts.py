"""Makes checkouts: repositories with the few functions that a test needs."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from tests.packaging.wheels import sha256
from toolchain.packaging import build
from toolchain.packaging.build import Request
from toolchain.packaging.lockfile import render
from toolchain.packaging.progress import Result, Silent
from toolchain.packaging.releases import Wheel
from toolchain.packaging.requirements import canonical_name, parse_requirements
from toolchain.packaging.target import Architecture, Target
from toolchain.packaging.wheelhouse import Wheelhouse
from toolchain.project import Project

_TASKS = """\
from invoke.collection import Collection
from toolchain.tasks import build

namespace = Collection(build.build, build.lock)
"""
_PYPROJECT = '[project]\nname = "sample"\nversion = "0"\n\n[dependency-groups]\ndev = []\n'
_PATIENCE_SECONDS = 60
HANDLER = "def handler(event, context):\n    return event\n"


@dataclass(frozen=True, slots=True)
class Checkout:
    """A repository of a test, and the user's cache it builds with."""

    project: Project
    cache: Path

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file of the repository: `lib/users.py`."""
        path = self.project.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def function(
        self, name: str, handler: str = HANDLER, *, wheels: Iterable[Path] = (), **manifest: object
    ) -> None:
        """Add a function that is called by its name, locked to the wheels; `manifest` has further keys."""
        declared = {"description": "Does what a test needs", "architecture": "x86_64", **manifest}
        self.write(f"functions/{name}/function.yaml", json.dumps(declared))
        self.write(f"functions/{name}/handler.py", handler)
        self.write(f"events/{name}.json", "{}")
        if pins := [pin(wheel) for wheel in wheels]:
            self.lock(name, *pins)

    def lock(self, name: str, *pins: str) -> None:
        """Write requirements.in, and requirements.txt with these lines as `invoke lock` would."""
        wanted, body = f"# {name}\n".encode(), "".join(f"{line}\n" for line in pins).encode()
        self.write(f"functions/{name}/requirements.in", wanted)
        self.write(f"functions/{name}/requirements.txt", render([wanted], body))

    def build(
        self, function: str | None = None, architecture: Architecture | None = None, *, clean: bool = False
    ) -> dict[str, Result]:
        """Build in this process; the results by function."""
        request = Request(function, architecture, clean)
        return {one.name: one for one in build.build(self.project, self.cache, request, Silent())}

    def statuses(self, function: str | None = None) -> dict[str, str]:
        """Build; which packages were built and which reused."""
        return {name: result.status for name, result in self.build(function).items()}

    def zip(self, name: str) -> Path:
        return self.project.dist / f"{name}.zip"

    def names(self, name: str) -> list[str]:
        """What a function's package contains."""
        with ZipFile(self.zip(name)) as package:
            return package.namelist()

    def document(self) -> dict[str, Any]:
        """The functions of dist/functions.json."""
        document = json.loads((self.project.dist / "functions.json").read_bytes())
        functions: dict[str, Any] = document["functions"]
        return functions

    def dist(self) -> dict[str, bytes]:
        """The build's results: all packages and functions.json."""
        return {path.name: path.read_bytes() for path in sorted(self.project.dist.glob("[!.]*"))}


def make_checkout(root: Path, cache: Path | None = None) -> Checkout:
    """A repository without functions, whose lib/ has one module; the cache is beside it."""
    checkout = Checkout(Project(root), cache or root.parent / "cache" / "serverless-python-api")
    checkout.write("pyproject.toml", _PYPROJECT)
    checkout.write("lib/__init__.py", "")
    checkout.write("lib/greeting.py", "GREETING = 'hello'\n")
    checkout.project.functions.mkdir()
    return checkout


def pin(wheel: Path, marker: str = "") -> str:
    """The line that locks a wheel: `greeting==1.0 --hash=sha256:...`."""
    name, version, *_ = wheel.name.split("-")
    condition = f" ; {marker}" if marker else ""
    return f"{canonical_name(name)}=={version}{condition} --hash=sha256:{sha256(wheel)}"


def admit(checkout: Checkout, wheel: Path, architecture: Architecture = "x86_64") -> Path:
    """Put a wheel into the checkout's cache, as if an earlier build had downloaded it."""
    name, version, *_ = wheel.name.split("-")
    known = Wheel(canonical_name(name), version, wheel.name, sha256(wheel))
    house = Wheelhouse(checkout.cache, checkout.project.root)
    house.path(known).parent.mkdir(parents=True, exist_ok=True)
    house.path(known).write_bytes(wheel.read_bytes())
    [wanted] = parse_requirements(pin(wheel), "requirements.txt")
    house.remember(wanted, Target(architecture), known)
    return wheel


def install_toolchain(checkout: Checkout, source: Project) -> None:
    """Make the checkout one in which `invoke build` and `invoke lock` run."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(source.root / "toolchain", checkout.project.root / "toolchain", ignore=ignored)
    checkout.write("tasks.py", _TASKS)


def start_task(
    checkout: Checkout, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start `invoke` in the checkout as a user would, with the checkout's cache.

    Python keeps the toolchain's bytecode there, whatever the tests' own environment says: it starts faster.
    """
    surroundings = {"XDG_CACHE_HOME": str(checkout.cache.parent), "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.Popen(
        [Path(sys.executable).with_name("invoke"), *arguments],
        cwd=checkout.project.root,
        env={**os.environ, **surroundings, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_task(
    checkout: Checkout, *arguments: str, environment: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Run `invoke` to its end: exit code, stdout, stderr."""
    with start_task(checkout, *arguments, environment=environment) as task:
        output, errors = task.communicate(timeout=_PATIENCE_SECONDS)
    return task.returncode, output, errors
