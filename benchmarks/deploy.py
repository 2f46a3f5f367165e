"""How long deploys of the stage `local` take.

The first apply beside what the AWS provider waits in any case; then deploys of nothing and of one function
beside that and a bare `terraform plan`, and the way back.

.venv/bin/python benchmarks/deploy.py
"""

import io
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.deploying.later import Later, deploy_again, shell_without_account
from benchmarks.deploying.proxy import Answered, recording
from benchmarks.deploying.ui import Applied, parse_log
from benchmarks.deploying.waits import Graph, longest_chain, own_seconds, parse_graph, slowest
from benchmarks.report import Report
from benchmarks.surroundings import REPOSITORY
from toolchain.deploy import commands
from toolchain.deploy.commands import Choices, Console
from toolchain.local.up import daemon
from toolchain.project import Project

STAGE = "local"
_COPIED = ("functions", "lib", "events", "migrations", "terraform", "toolchain")
_LISTED = 12
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class First:
    """The first deploy; its apply, but for the bucket of the packages, which comes before; its order."""

    seconds: float
    applied: Applied
    graph: Graph


def main() -> int:
    report = Report(sys.stdout)
    with tempfile.TemporaryDirectory(prefix="deploy-") as directory:
        project = _copy(Path(directory) / "project")
        record = daemon.start(project, ["--port", "0"], report.say)
        try:
            with recording(record.endpoint_url) as (url, answered):
                first = _deploy(project, _environ(url))
            _report_first(report, first, answered)
            console = _console(project, _environ(record.endpoint_url))
            with console.open(project, STAGE) as stage:
                prepared = stage.prepare("plan")
                api_url = prepared.initialized(prepared.terraform.outputs)["api_url"]
            _report_later(report, first, deploy_again(project, STAGE, prepared, api_url, _ROUNDS))
        finally:
            daemon.stop(project)
    report.summarize()
    return 0


def _copy(root: Path) -> Project:
    for name in _COPIED:
        ignored = shutil.ignore_patterns("__pycache__", ".terraform*")
        shutil.copytree(REPOSITORY / name, root / name, ignore=ignored)
    for name in ("pyproject.toml", "tasks.py"):
        shutil.copy(REPOSITORY / name, root)
    return Project(root)


def _environ(url: str) -> dict[str, str]:
    account = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    return {**shell_without_account(), **account, "AWS_ENDPOINT_URL": url}


def _console(project: Project, environ: dict[str, str]) -> Console:
    return Console(environ, project.root.parent / "cache", io.StringIO(), sys.stdout, sys.stdout)


def _deploy(project: Project, environ: dict[str, str]) -> First:
    console = _console(project, environ)
    begun = time.perf_counter()
    commands.deploy(project, STAGE, Choices(), console)
    seconds = time.perf_counter() - begun
    with console.open(project, STAGE) as stage:
        prepared = stage.prepare("deploy")
        place = prepared.workplace
        drawn = subprocess.run(
            [prepared.program, "graph"],
            cwd=place.directory,
            env=dict(place.environ),
            capture_output=True,
            text=True,
            check=True,
        )
        with (place.files / "apply.log").open("rb") as log:
            return First(seconds, parse_log(log), parse_graph(drawn.stdout))


def _report_first(report: Report, first: First, answered: Answered) -> None:
    applied = first.applied
    whole = applied.end - applied.start
    waits, chain = longest_chain(first.graph, applied.seconds)
    rows = [
        (address, f"{seconds:.1f}", f"{own_seconds(address):.0f}")
        for address, seconds in slowest(applied.seconds, _LISTED)
    ]
    report.table("Resources", ("the slowest", "took s", "of which the provider waits"), rows)
    requests = answered.within(applied.start, applied.end)
    busy = answered.busy_seconds(applied.start, applied.end)
    parts = [
        ("whole deploy", f"{first.seconds:.1f} s", ""),
        ("whole apply", f"{whole:.1f} s", f"{len(applied.seconds)} resources"),
        ("longest chain of waits", f"{waits:.1f} s", " -> ".join(chain)),
        ("server busy", f"{busy:.1f} s", f"{len(requests)} requests"),
    ]
    report.table("Time", ("part", "seconds", ""), parts)
    report.at_most("whole apply / longest chain of the provider's waits", whole / waits, 1.2, "x")


def _report_later(report: Report, first: First, later: Later) -> None:
    """Ratios of medians."""
    runs = {
        "bare terraform plan": later.plan,
        "deploy of nothing": later.unchanged,
        "deploy of one function": later.one_function,
        "rollback": later.rollback,
    }
    rows = [
        (what, f"{median(seconds):.1f} s", f"{min(seconds):.1f} to {max(seconds):.1f}")
        for what, seconds in runs.items()
    ]
    report.table("Afterwards", ("whole processes", "median", "of"), rows)
    unchanged, one_function = median(later.unchanged), median(later.one_function)
    report.at_most("deploy of nothing / bare terraform plan", unchanged / median(later.plan), 1.3, "x")
    report.at_most("deploy of one function / first deploy", one_function / first.seconds, 1 / 3, "x")
    report.at_most("rollback", median(later.rollback), 5, " s")
    failures = sum(len(answers.failures) for answers in later.requests)
    count = sum(answers.count for answers in later.requests)
    report.at_most(f"requests that failed meanwhile, of {count}", failures, 0)


if __name__ == "__main__":
    sys.exit(main())
