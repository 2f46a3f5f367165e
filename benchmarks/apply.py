"""How long the first apply of the stage `local` takes, beside what the AWS provider waits in any case.

.venv/bin/python benchmarks/apply.py
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.applying.proxy import Answered, recording
from benchmarks.applying.ui import Applied, parse_log
from benchmarks.applying.waits import Graph, longest_chain, own_seconds, parse_graph, slowest
from benchmarks.report import Report
from benchmarks.surroundings import REPOSITORY
from toolchain.deploy import commands
from toolchain.deploy.commands import Choices, Console
from toolchain.local.up import daemon
from toolchain.project import Project

STAGE = "local"
TARGET = 1.2
_COPIED = ("functions", "lib", "events", "migrations", "terraform", "toolchain")
_LISTED = 12


def main() -> int:
    report = Report(sys.stdout)
    with tempfile.TemporaryDirectory(prefix="apply-") as directory:
        project = _copy(Path(directory) / "project")
        record = daemon.start(project, ["--port", "0"], report.say)
        try:
            with recording(record.endpoint_url) as (url, answered):
                applied, graph = _deploy(project, url)
        finally:
            daemon.stop(project)
    _report(report, applied, graph, answered)
    report.summarize()
    return 0


def _copy(root: Path) -> Project:
    for name in _COPIED:
        ignored = shutil.ignore_patterns("__pycache__", ".terraform*")
        shutil.copytree(REPOSITORY / name, root / name, ignore=ignored)
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    return Project(root)


def _deploy(project: Project, url: str) -> tuple[Applied, Graph]:
    """The apply of all but the bucket of the packages, which comes before; and what ordered it."""
    passed = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environ = {
        **passed,
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
    }
    console = Console(environ, project.root.parent / "cache", io.StringIO(), sys.stdout, sys.stdout)
    commands.deploy(project, STAGE, Choices(), console)
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
            return parse_log(log), parse_graph(drawn.stdout)


def _report(report: Report, applied: Applied, graph: Graph, answered: Answered) -> None:
    whole = applied.end - applied.start
    waits, chain = longest_chain(graph, applied.seconds)
    rows = [
        (address, f"{seconds:.1f}", f"{own_seconds(address):.0f}")
        for address, seconds in slowest(applied.seconds, _LISTED)
    ]
    report.table("Resources", ("the slowest", "took s", "of which the provider waits"), rows)
    requests = answered.within(applied.start, applied.end)
    busy = answered.busy_seconds(applied.start, applied.end)
    parts = [
        ("whole apply", f"{whole:.1f} s", f"{len(applied.seconds)} resources"),
        ("longest chain of waits", f"{waits:.1f} s", " -> ".join(chain)),
        ("server busy", f"{busy:.1f} s", f"{len(requests)} requests"),
    ]
    report.table("Time", ("part", "seconds", ""), parts)
    report.at_most("whole apply / longest chain of the provider's waits", whole / waits, TARGET, "x")


if __name__ == "__main__":
    sys.exit(main())
