"""`invoke deploy --stage local`: the real Terraform applies the real modules, and clients use the result."""

import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.local_cloud import LocalCloud, run_cloud
from tests.e2e.node import need, provide_packages, run_test
from tests.integration.running_up import client
from toolchain.deploy.cli_config import find_mirror
from toolchain.errors import MissingToolError
from toolchain.local.comparison import Stage, declared, read
from toolchain.local.http_api import Issuer
from toolchain.project import Project
from toolchain.scan.tools import provide_tools

_MINUTES = 15
ROOT = Path(__file__).parents[2]
_FUNCTIONS = Path(__file__).parents[1] / "projects" / "deployed"
_ADDED = ("visit", "work")
"""They have routes and triggers of every kind; the reference application has few."""
_CI = '{repository = "example/shop"}'


@dataclass(frozen=True)
class DeployedStage:
    """The cloud, and what `invoke outputs` says of the stage."""

    cloud: LocalCloud
    outputs: Mapping[str, Any]

    def environment(self) -> dict[str, str]:
        """What clients have to know."""
        return {
            **self.cloud.environment(),
            "API_URL": self.outputs["api_url"],
            "USER_POOL_ID": self.outputs["user_pool_id"],
            "CLIENT_ID": self.outputs["user_pool_client_id"],
        }


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedStage]:
    """Skips without Terraform, and where the provider is not on this machine."""
    need("terraform")
    if find_mirror(os.environ) is None:
        pytest.skip("there is no mirror of the provider; set TF_PLUGIN_MIRROR")
    with run_cloud(tmp_path_factory.mktemp("deployed"), _add_functions) as cloud:
        invoke(cloud, "deploy", "--stage", "local", "--yes")
        outputs = json.loads(invoke(cloud, "outputs", "--stage", "local", "--format", "json"))
        yield DeployedStage(cloud, outputs)


def _add_functions(project: Project) -> None:
    for name in _ADDED:
        shutil.copytree(_FUNCTIONS / "functions" / name, project.functions / name)
        shutil.copy(_FUNCTIONS / "events" / f"{name}.json", project.root / "events")


def invoke(cloud: LocalCloud, *arguments: str, **variables: str) -> str:
    """What the task prints; it must not fail."""
    done = subprocess.run(
        (sys.executable, "-m", "invoke", *arguments),
        cwd=cloud.project.root,
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | variables,
        capture_output=True,
        text=True,
        timeout=60 * _MINUTES,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    return done.stdout


def test_what_terraform_made_equals_what_is_declared(stage: DeployedStage) -> None:
    """Routes with their authorizers, all kinds of triggers, and how functions run."""
    document = json.loads((stage.cloud.project.dist / "functions.json").read_bytes())
    pool, region = stage.outputs["user_pool_id"], stage.cloud.record.region
    issuer = Issuer(
        f"https://cognito-idp.{region}.amazonaws.com/{pool}",
        frozenset({stage.outputs["user_pool_client_id"]}),
    )
    here = declared(document["functions"].values(), issuer)
    prefix = f"{document['project']}-local-"
    there = read(
        lambda service: client(stage.cloud.record, service), Stage(prefix, pool, stage.outputs["api_id"])
    )
    assert here.differences(there) == []
    assert here == there
    assert len({trigger.kind for trigger in here.triggers}) == 7


def test_clients_work_with_it(stage: DeployedStage) -> None:
    """From sign-up to the profile, with the trigger, the API and the database that Terraform made."""
    need("node")
    need("npm")
    folder = stage.cloud.project.root / "tests" / "e2e" / "javascript"
    provide_packages(folder)
    run_test(folder / "amplify.test.mjs", stage.environment())


def test_the_next_plan_is_empty(stage: DeployedStage) -> None:
    assert invoke(stage.cloud, "plan", "--stage", "local").splitlines()[-1] == "no changes"


def test_scanners_find_nothing_that_the_ledger_does_not_accept(stage: DeployedStage, tmp_path: Path) -> None:
    """In the plans of all stages; and with what a stage may choose, no entry of the ledger is too much."""
    cloud = stage.cloud
    project = cloud.project
    try:
        tools = provide_tools(Project(ROOT))
    except MissingToolError as error:
        pytest.skip(str(error))
    (project.local / "tools").symlink_to(tools.parent)
    plans = [_plan_as_json(cloud, each, tmp_path) for each in ("local", "dev", "prod")]
    other = _add_stage_of_other_choices(project)
    shown = invoke(cloud, "scan", *(f"--plan={plan}" for plan in plans)).splitlines()
    other.unlink()
    assert shown[0].startswith("nothing found beyond the ")
    assert [line for line in shown if line.startswith("not needed here: ")] == []
    assert [line for line in shown if line.startswith("left out: ")] == _left_out()
    unread = [line for line in shown if line.startswith("known after the apply")]
    assert all("module.function" in line or "module.ci" in line for line in unread)


def _add_stage_of_other_choices(project: Project) -> Path:
    """With the roles of workflows, Aurora, and a way out of the VPC."""
    stages = project.root / "terraform" / "stages"
    dev = (stages / "dev.tfvars").read_text()
    other = stages / "other.tfvars"
    other.write_text(
        dev.replace("database = {", 'database = {\n  engine = "aurora-mysql"')
        + f"\nci = {_CI}\nnetwork = {{nat_zones = 1}}\n"
    )
    return other


def _left_out() -> list[str]:
    if (sys.platform, platform.machine()) == ("linux", "x86_64"):
        return []
    return [f"left out: trivy, which is not to be had for {sysconfig.get_platform()}"]


def _plan_as_json(cloud: LocalCloud, stage: str, directory: Path) -> Path:
    """Of the stage as it is: the local one stands, so that all its policies are known."""
    saved, shown = directory / f"{stage}.tfplan", directory / f"{stage}.json"
    elsewhere = {
        "AWS_ENDPOINT_URL": cloud.record.endpoint_url,
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "TF_VAR_ci": _CI,
    }
    invoke(cloud, "plan", "--stage", stage, "--out", str(saved), **({} if stage == "local" else elsewhere))
    data = cloud.project.local / "terraform" / stage / "data"
    command = ["terraform", f"-chdir={cloud.project.root / 'terraform'}", "show", "-json", str(saved)]
    environment = {**os.environ, "TF_DATA_DIR": str(data), "TF_CLI_CONFIG_FILE": os.devnull}
    shown.write_bytes(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)
    return shown
