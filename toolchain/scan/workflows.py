"""Runs zizmor (docs.zizmor.sh), and the schema of GitHub's workflows, on .github/workflows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolchain.project import Project
from toolchain.scan.findings import Finding
from toolchain.scan.tools import provide_tools, run_module, run_program

_SCHEMA = ["--output-format", "json", "--builtin-schema", "vendor.github-workflows"]


def scan_workflows(project: Project) -> list[Finding]:
    """Findings in workflows; their address is a file and line."""
    tools, folder = provide_tools(project), project.root / ".github"
    files = sorted(map(str, (folder / "workflows").glob("*.yml")))
    found = [
        *parse_zizmor(run_program(tools, "zizmor", ["--offline", "--format", "json-v1", str(folder)])),
        *parse_schema_errors(run_module(tools, "check_jsonschema", [*_SCHEMA, *files])),
    ]
    return sorted({Finding(each.check, _shown(project, each.address), each.message) for each in found})


def parse_zizmor(report: Any) -> Iterator[Finding]:  # noqa: ANN401 - raw JSON
    """Findings of `zizmor --format json-v1`; less those that a comment in the file accepts."""
    for each in report:
        if not each["ignored"]:
            primary = next(one for one in each["locations"] if one["symbolic"]["kind"] == "Primary")
            file = primary["symbolic"]["key"]["Local"]["verbatim_path"]
            line = primary["concrete"]["location"]["start_point"]["row"] + 1
            yield Finding(f"zizmor/{each['ident']}", f"{file}:{line}", each["desc"])


def parse_schema_errors(report: Any) -> Iterator[Finding]:  # noqa: ANN401 - raw JSON
    """Findings of `check-jsonschema --output-format json`."""
    for each in (*report.get("errors", ()), *report.get("parse_errors", ())):
        yield Finding("schema", each["filename"], f"{each.get('path', '$')}: {each['message']}")


def _shown(project: Project, address: str) -> str:
    return address.removeprefix(f"{Path(project.root).as_posix()}/")
