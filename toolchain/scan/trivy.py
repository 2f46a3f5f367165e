"""Runs trivy (trivy.dev) on HCL, with the functions that are declared and the variables of each stage.

Of a plan's JSON it reads nothing, and says that nothing is wrong, where a list has an unknown value.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolchain.errors import ToolchainError
from toolchain.manifest import declaration, read_functions
from toolchain.project import Project
from toolchain.scan.findings import Finding
from toolchain.scan.plan import static
from toolchain.scan.tools import provide_tools, run_program_with_log

PREFIX = "trivy/"

# A file of the user's own must not accept anything: the ledger does. And nothing is to be asked for.
_OPTIONS = (
    *("--format", "json", "--misconfig-scanners", "terraform", "--config", "", "--ignorefile", ""),
    *("--skip-check-update", "--skip-version-check", "--disable-telemetry"),
)
_TROUBLE = re.compile(r"^\S+\t(?:WARN|ERROR|FATAL)\t(?P<message>.*)$", re.MULTILINE)
_EXPECTED = "[misconfig] Falling back to embedded checks"  # those are the ones that are pinned
_DECLARED = re.compile(r'^\s*resource\s+"(?P<type>[^"]+)"\s+"(?P<name>[^"]+)"')

# trivy reads files with Terraform's endings only, and none outside of the directory: of dist/functions.json
# it would see nothing, and so none of the resources that are there for functions.
_FUNCTIONS = "functions.tfvars"


def is_available(project: Project) -> bool:
    """Whether there is a trivy for this platform; requirements-scan.txt has it for some."""
    return (provide_tools(project) / "bin" / "trivy").exists()


def scan_stages(project: Project) -> list[Finding]:
    """trivy's findings in terraform/; each says with which stages' variables.

    Raises ToolchainError with what trivy could not read.
    """
    tools = provide_tools(project)
    found: dict[Finding, list[str]] = {}
    with tempfile.TemporaryDirectory(prefix="scan-") as directory:
        variables = _copy(project, Path(directory))
        for stage in sorted((project.root / "terraform" / "stages").glob("*.tfvars")):
            copy = f"{directory}/terraform"
            files = (
                "--tf-vars",
                f"{copy}/stages/{stage.name},{variables}",
                "--cache-dir",
                f"{directory}/cache",
            )
            arguments = ["config", *_OPTIONS, *files, copy]
            report, log = run_program_with_log(tools, "trivy", arguments)
            if problems := [f"trivy with {project.relative(stage)}: {each}" for each in parse_log(log)]:
                raise ToolchainError(problems)
            for finding in set(parse_report(report)):
                found.setdefault(finding, []).append(stage.stem)
    return sorted(
        Finding(each.check, each.address, f"{each.message} ({', '.join(stages)})")
        for each, stages in found.items()
    )


def parse_report(report: Any) -> Iterator[Finding]:  # noqa: ANN401 - raw JSON
    """Findings of `trivy config --format json`."""
    for result in report.get("Results", ()):
        for failed in result.get("Misconfigurations", ()):
            yield Finding(PREFIX + failed["ID"], _address(failed["CauseMetadata"]), failed["Message"])


def parse_log(log: str) -> list[str]:
    """What trivy warned of: it goes on without a file or value that it can't read, and exits with 0."""
    messages = {match["message"].replace("\t", " ") for match in _TROUBLE.finditer(log)}
    return sorted(message for message in messages if not message.startswith(_EXPECTED))


def _address(cause: Any) -> str:  # noqa: ANN401 - raw JSON
    """`module.database.aws_db_instance.this`.

    trivy lists what the cause lies in, from the inside out, but without the resource if that is the cause.
    """
    around = [each["Resource"] for each in cause.get("Occurrences", ())] or [cause["Resource"]]
    modules = [each for each in around if each.startswith("module.")]
    resources = [each for each in around if not each.startswith("module.")]
    return static(".".join([*reversed(modules), *(resources[-1:] or _declared(cause))]))


def _declared(cause: Any) -> list[str]:  # noqa: ANN401 - raw JSON
    """The resource whose text is the cause; none if it is something else."""
    lines = (cause.get("Code") or {}).get("Lines") or ()
    found = (_DECLARED.match(line["Content"]) for line in lines if line["Number"] == cause["StartLine"])
    return [f"{match['type']}.{match['name']}" for match in found if match]


def _copy(project: Project, directory: Path) -> Path:
    """A copy of terraform/ that holds the functions; returns the variables that tell it so."""
    shutil.copytree(
        project.root / "terraform", directory / "terraform", ignore=shutil.ignore_patterns(".terraform")
    )
    (directory / "terraform" / _FUNCTIONS).write_text(json.dumps(_functions(project)))
    variables = directory / "functions_file.tfvars"
    variables.write_text(f'functions_file = "{_FUNCTIONS}"\n')
    return variables


def _functions(project: Project) -> dict[str, Any]:
    """What dist/functions.json says; without packages, so that none have to be built."""
    package = {"sha256": "0" * 64, "sha256_base64": ""}
    functions = {
        name: {**declaration(function), "zip": package} for name, function in read_functions(project).items()
    }
    return {"format": 1, "project": "scanned", "runtime": "python3.13", "functions": functions}
