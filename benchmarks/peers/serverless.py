"""The Serverless Framework's open fork osls, with serverless-python-requirements.

The plugin keeps installed sets of requirements between builds; that cache is warm, like everybody's.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import Command
from benchmarks.surroundings import Surroundings
from benchmarks.workload import Workload

PACKAGES = {"osls": "4.3.1", "serverless-python-requirements": "6.1.2"}


@dataclass(frozen=True, slots=True)
class Serverless:
    """`tool` is the directory whose node_modules has the framework and the plugin."""

    surroundings: Surroundings
    tool: Path

    @property
    def name(self) -> str:
        return "serverless"

    @property
    def version(self) -> str:
        return ", ".join(f"{name} {version}" for name, version in PACKAGES.items())

    def prepare(self, workload: Workload) -> None:
        """serverless.json, and a directory per function; pip finds its wheels where ours are cached."""
        root = self._root(workload)
        for name in workload.names:
            staged = root / "staged" / name
            (staged / "functions").mkdir(parents=True)
            (staged / "functions" / name).symlink_to(workload.handler(name).parent)
            (staged / "lib").symlink_to(workload.library)
            shutil.copy(workload.requirements(name), staged)
        (root / "node_modules").symlink_to(self.tool / "node_modules")
        (root / "serverless.json").write_text(json.dumps(_service(workload, self._link_wheels(root))))

    def clean(self, workload: Workload) -> None:
        shutil.rmtree(self._root(workload) / ".serverless", ignore_errors=True)

    def build(self, workload: Workload) -> Sequence[Command]:
        program = self.tool / "node_modules" / ".bin" / "osls"
        return [self.surroundings.command(program, "package", cwd=self._root(workload))]

    def packages(self, workload: Workload) -> Mapping[str, Path]:
        built = self._root(workload) / ".serverless" / "staged"
        return {name: built / f"{name}-workload-dev-{name}.zip" for name in workload.names}

    def _root(self, workload: Workload) -> Path:
        return workload.root.with_name(f"{workload.root.name}-{self.name}")

    def _link_wheels(self, root: Path) -> Path:
        links = root / "wheels"
        links.mkdir()
        for wheel in (self.surroundings.cache / "serverless-python-api" / "wheels").glob("*/*.whl"):
            (links / wheel.name).symlink_to(wheel)
        return links


def _service(workload: Workload, wheels: Path) -> dict[str, Any]:
    functions = {
        name: {
            "handler": f"functions.{name}.handler.handler",
            "module": f"staged/{name}",
            "package": {"patterns": [f"staged/{name}/**"]},
        }
        for name in workload.names
    }
    requirements = {
        "pipCmdExtraArgs": ["--no-index", f"--find-links {wheels}"],
        "usePipenv": False,
        "usePoetry": False,
    }
    return {
        "service": "workload",
        "provider": {"name": "aws", "runtime": "python3.13", "region": "eu-west-1"},
        "plugins": ["serverless-python-requirements"],
        "package": {"individually": True, "patterns": ["!**"]},
        "custom": {"pythonRequirements": requirements},
        "functions": functions,
    }
