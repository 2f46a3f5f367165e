"""The workflows of .github, checked by the scanners that `invoke scan` runs."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from toolchain.errors import MissingToolError
from toolchain.project import Project
from toolchain.scan.tools import provide_tools
from toolchain.scan.workflows import scan_workflows

ROOT = Project(Path(__file__).resolve().parents[2])
WORKFLOWS = ROOT.root / ".github" / "workflows"

UNPINNED = """\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
"""

# Notes its arguments; lists two comments, of which the second is this workflow's own if there is one.
GH = """#!/bin/sh
printf '%s\\n' "$*" >>"$CALLS"
case "$*" in
*--jq*) echo "$EXISTING" ;;
*body=@*) for argument; do file=$argument; done; cp "${file#body=@}" "$BODY" ;;
esac
"""


@pytest.fixture(scope="session", autouse=True)
def _tools() -> None:
    try:
        provide_tools(ROOT)
    except MissingToolError as error:
        pytest.skip(str(error))


def test_workflows_are_clean() -> None:
    """Actions are pinned, permissions are few, nothing of a pull request is run as code."""
    assert scan_workflows(ROOT) == []


def test_faults_are_found(tmp_path: Path) -> None:
    """The scanners do work: a misspelt key, an action that is not pinned."""
    project = _copy(tmp_path)
    text = (WORKFLOWS / "deploy.yml").read_text()
    (tmp_path / ".github/workflows/deploy.yml").write_text(text.replace("permissions: {}", "permission: {}"))
    (tmp_path / ".github/workflows/bad.yml").write_text(UNPINNED)
    found = {(each.check, each.address) for each in scan_workflows(project)}
    assert ("schema", ".github/workflows/deploy.yml") in found
    assert ("zizmor/unpinned-uses", ".github/workflows/bad.yml:7") in found


def _copy(directory: Path) -> Project:
    shutil.copytree(ROOT.root / ".github", directory / ".github")
    shutil.copy(ROOT.root / "requirements-scan.txt", directory)
    (directory / ".local").symlink_to(ROOT.local)
    return Project(directory)


def test_every_stage_is_planned_for_a_pull_request() -> None:
    """All but `local`, which has no account."""
    job = yaml.safe_load((WORKFLOWS / "pull-request.yml").read_text())["jobs"]["plan"]
    assert set(job["strategy"]["matrix"]["stage"]) == _stages()


def _stages() -> set[str]:
    return {path.stem for path in (ROOT.root / "terraform" / "stages").glob("*.tfvars")} - {"local"}


def test_a_stage_plans_and_deploys_in_one_turn() -> None:
    """A plan that waits for another deploy is stale when its own begins; callees share the caller's turn."""
    jobs = yaml.safe_load((WORKFLOWS / "deploy.yml").read_text())["jobs"]
    callers = {job["with"]["stage"]: job["concurrency"] for job in jobs.values()}
    assert set(callers) == _stages()
    assert callers == {stage: {"group": f"deploy-{stage}", "cancel-in-progress": False} for stage in callers}
    called = yaml.safe_load((WORKFLOWS / "stage.yml").read_text())
    assert "concurrency" not in called
    assert not [name for name, job in called["jobs"].items() if "concurrency" in job]


def test_terraform_has_the_provider_that_was_tested() -> None:
    """Before anything runs it, or with what another job has planned; never the newest of the day."""
    jobs = [
        (f"{path.name}: {name}", job.get("steps", []))
        for path in sorted(WORKFLOWS.glob("*.yml"))
        for name, job in yaml.safe_load(path.read_text())["jobs"].items()
    ]
    runs = {
        name: [step for step in steps if "run" in step or "release" in str(step.get("with", {}).get("name"))]
        for name, steps in jobs
        if any("setup-terraform" in step.get("uses", "") for step in steps)
    }
    assert len(runs) == 4
    given = ("cp .github/terraform.lock.hcl terraform/.terraform.lock.hcl", "actions/download-artifact")
    late = [n for n, steps in runs.items() if not _does(steps[0]).startswith(given)]
    assert not late


def _does(step: dict[str, str]) -> str:
    return step.get("run") or step["uses"]


@pytest.mark.parametrize(("existing", "method"), [("", "POST"), ("17", "PATCH")])
def test_one_comment_is_kept(tmp_path: Path, existing: str, method: str) -> None:
    """Plans of all stages are in it; a plan's text can't end its block."""
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "dev.txt").write_text("no changes\n")
    (plans / "prod.txt").write_text("~~~~~~\n@everyone\n")
    variables = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls"),
        "BODY": str(tmp_path / "body"),
        "EXISTING": existing,
        "REPOSITORY": "shop/api",
        "PULL_REQUEST": "5",
        "COMMIT": "abc",
    }
    subprocess.run([ROOT.root / ".github/scripts/comment-plans", plans], env=variables, check=True)
    last = (tmp_path / "calls").read_text().splitlines()[-1]
    target = "issues/comments/17" if existing else "issues/5/comments"
    assert last.startswith(f"api --silent --method {method} repos/shop/api/{target} --field body=@")
    body = (tmp_path / "body").read_text()
    assert body.startswith("<!-- plans of all stages -->\nPlans of abc\n")
    assert body.count("~~~~~~") == 4
    assert "no changes" in body
