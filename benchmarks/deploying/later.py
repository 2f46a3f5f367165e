"""Deploys of a stage that is there, whole processes as users start them, beside a bare `terraform plan`."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.deploying.load import Answers, asking
from toolchain.deploy.preparation import Prepared
from toolchain.project import Project

_HEALTH = "functions/health/handler.py"


@dataclass(slots=True)
class Later:
    """Seconds of each run, and the requests while aliases moved."""

    plan: list[float] = field(default_factory=list)
    unchanged: list[float] = field(default_factory=list)
    one_function: list[float] = field(default_factory=list)
    rollback: list[float] = field(default_factory=list)
    requests: list[Answers] = field(default_factory=list)


def deploy_again(project: Project, stage: str, prepared: Prepared, api_url: str, rounds: int) -> Later:
    """Measure so many rounds of everything. Raises CalledProcessError when something fails."""
    found = Later()
    deploy = ("deploy", "--stage", stage, "--yes")
    _invoke(project, *deploy)  # the first one with the user's cache runs `terraform init`
    for number in range(rounds):
        found.plan.append(_plan(prepared))
        found.unchanged.append(_invoke(project, *deploy))
        with (project.root / _HEALTH).open("a", encoding="utf-8") as handler:
            handler.write(f"# {number}\n")
        with asking(f"{api_url}/health") as released:
            found.one_function.append(_invoke(project, *deploy, "--function", "health"))
        with asking(f"{api_url}/health") as returned:
            found.rollback.append(_invoke(project, "rollback", "--stage", stage))
        found.requests += [released, returned]
    return found


def shell_without_account() -> dict[str, str]:
    """The shell's variables, without what leads to an account of AWS."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def _plan(prepared: Prepared) -> float:
    """What a user of Terraform alone types."""
    place = prepared.workplace
    command = (prepared.program, "plan", "-input=false", f"-var-file={place.variables}")
    bare = {name: value for name, value in place.environ.items() if name != "GOGC"}
    return _run(command, place.directory, bare)


def _invoke(project: Project, *arguments: str) -> float:
    return _run((sys.executable, "-m", "invoke", *arguments), project.root, shell_without_account())


def _run(command: tuple[str, ...], directory: Path, environ: Mapping[str, str]) -> float:
    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=directory, env=dict(environ), capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - begun
    if done.returncode:
        sys.stdout.write(done.stdout + done.stderr)
        done.check_returncode()
    return seconds
