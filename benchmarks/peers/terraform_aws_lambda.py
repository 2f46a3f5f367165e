"""terraform-aws-modules/terraform-aws-lambda's package.py, with its uv option, which is its fastest.

It is on no package registry: take a checkout of it and give its path. Terraform runs `prepare` for each
function while it plans and `build` for those that changed while it applies; here both are run as Terraform
runs them, without the plan and the apply around them, which take longer than the packaging.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.peer import Unavailable
from benchmarks.processes import Command, Spawner
from benchmarks.surroundings import Surroundings, online
from benchmarks.workload import Workload

_SCRIPT = Path(__file__).with_name("terraform_aws_lambda_script.py")
_RUNTIME = "python3.13"


@dataclass(frozen=True, slots=True)
class TerraformAwsLambda:
    """`checkout` is a directory that holds package.py."""

    surroundings: Surroundings
    spawner: Spawner
    checkout: Path

    @property
    def name(self) -> str:
        return "terraform-aws-lambda"

    @property
    def version(self) -> str:
        command = ["git", "-C", str(self.checkout), "describe", "--tags", "--always"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.strip() or "unknown"

    def prepare(self, workload: Workload) -> None:
        """A project and a lock for uv in a directory per function, and the module's query for it."""
        root = self._root(workload)
        for name in workload.names:
            project = root / "projects" / name
            project.mkdir(parents=True, exist_ok=True)
            (project / "pyproject.toml").write_text(_project(name, workload.requirements(name)))
            lock = self.surroundings.command("uv", "lock", "--quiet", cwd=project)
            self.spawner.run([online(lock)])
        queries = {name: _query(workload, name) for name in workload.names}
        plan = {"package_py": str(self.checkout / "package.py"), "queries": queries}
        (root / "plan.json").write_text(json.dumps(plan))

    def clean(self, workload: Workload) -> None:
        shutil.rmtree(self._root(workload) / "builds", ignore_errors=True)

    def build(self, workload: Workload) -> Sequence[Command]:
        root = self._root(workload)
        return [self.surroundings.command("python", "-I", _SCRIPT, root / "plan.json", cwd=root)]

    def packages(self, workload: Workload) -> Mapping[str, Path]:
        root = self._root(workload)
        built: dict[str, str] = json.loads((root / "built.json").read_bytes())
        return {name: root / path for name, path in built.items()}

    def _root(self, workload: Workload) -> Path:
        return workload.root.with_name(f"{workload.root.name}-{self.name}")


def find_checkout(path: Path | None) -> Path:
    """The checkout, if a path was given and it is one. Raises Unavailable."""
    if path is None:
        raise Unavailable("it is on no registry; --terraform-aws-lambda PATH names a checkout of it")
    if not (path / "package.py").is_file():
        raise Unavailable(f"there is no package.py in {path}")
    return path.resolve()


def _project(name: str, requirements: Path) -> str:
    """The pins of requirements.txt as a project; the lock has the same versions then."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    pins = [line.split()[0] for line in lines if line and line[0] not in " #"]
    return (
        f'[project]\nname = "{name}"\nversion = "0"\nrequires-python = "==3.13.*"\n'
        f"dependencies = {json.dumps(pins)}\n\n[tool.uv]\npackage = false\n"
    )


def _query(workload: Workload, name: str) -> dict[str, Any]:
    """What package.tf sends to `package.py prepare`."""
    source_path = [
        {"path": f"projects/{name}", "uv_install": True},
        {"path": str(workload.handler(name).parent), "prefix_in_zip": f"functions/{name}"},
        {"path": str(workload.library), "prefix_in_zip": "lib"},
    ]
    return {
        "paths": json.dumps({"module": ".", "root": ".", "cwd": "."}),
        "artifacts_dir": "builds",
        "runtime": _RUNTIME,
        "source_path": json.dumps(source_path),
        "hash_extra": "",
        "hash_internal": json.dumps([sys.version]),
        "recreate_missing_package": "true",
        "quiet": "true",
    }
