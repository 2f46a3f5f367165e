"""`invoke deploy --stage local`: the real Terraform applies the real modules, and clients use the result."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.local_cloud import LocalCloud, run_cloud
from tests.e2e.node import need, provide_packages, run_test
from tests.integration.running_up import client
from toolchain.deploy.cli_config import find_mirror
from toolchain.local.comparison import Stage, declared, read
from toolchain.local.http_api import Issuer
from toolchain.project import Project

_MINUTES = 15
_FUNCTIONS = Path(__file__).parents[1] / "projects" / "deployed"
_ADDED = ("visit", "work")
"""They have routes and triggers of every kind; the reference application has few."""


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


def invoke(cloud: LocalCloud, *arguments: str) -> str:
    """What the task prints; it must not fail."""
    done = subprocess.run(
        (sys.executable, "-m", "invoke", *arguments),
        cwd=cloud.project.root,
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
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
