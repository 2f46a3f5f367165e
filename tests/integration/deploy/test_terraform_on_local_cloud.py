"""The real modules, applied by the real Terraform and the real provider to the local cloud, as `up` runs it.

A stage must stay as planned, be there after a restart, change in place where it can, and be gone at the
end. It is slow, for the provider waits as long as it would for AWS.
"""

import io
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.integration.deploy.leftovers import everything
from tests.integration.running_up import REPOSITORY, Cloud, client, copy_application
from toolchain.deploy import commands
from toolchain.deploy.commands import Choices, Console
from toolchain.errors import TerraformError

STAGE = "local"


class Stage:
    """A checkout whose local cloud runs, and the commands of `invoke` on its stage."""

    def __init__(self, cloud: Cloud) -> None:
        root = cloud.project.root
        copy_application(root)
        unlocked = shutil.ignore_patterns(".terraform*")
        shutil.copytree(REPOSITORY / "terraform", root / "terraform", ignore=unlocked)
        shutil.copy(REPOSITORY / "pyproject.toml", root)
        self.cloud = cloud
        self._cache = root.parent / "cache"

    def deploy(self) -> str:
        console = self._console()
        commands.deploy(self.cloud.project, STAGE, Choices(), console)
        return _said(console)

    def plan(self) -> str:
        console = self._console()
        commands.plan(self.cloud.project, STAGE, None, console, as_json=False)
        return _said(console)

    def destroy(self) -> str:
        console = self._console(f"{STAGE}\n")
        commands.destroy(self.cloud.project, STAGE, console)
        return _said(console)

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file of the checkout."""
        path = self.cloud.project.root / name
        text = path.read_text()
        assert text.count(old) == 1, f"{name} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new))

    def there_is(self) -> dict[str, set[str]]:
        return everything(lambda service: client(self.cloud.record, service))

    def _console(self, answers: str = "") -> Console:
        return Console(_environment(), self._cache, io.StringIO(answers), io.StringIO(), io.StringIO())


def _environment() -> Mapping[str, str]:
    """The shell's, without what leads elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def _said(console: Console) -> str:
    assert isinstance(console.output, io.StringIO)
    return console.output.getvalue()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    with Cloud(tmp_path / "project") as cloud:
        stage = Stage(cloud)
        cloud.start()
        yield stage


def test_stage_from_the_first_apply_to_the_end(stage: Stage) -> None:
    before = stage.there_is()
    try:
        stage.deploy()
    except TerraformError as error:
        if "can't be installed" in str(error) and not os.environ.get("TF_PLUGIN_MIRROR"):
            pytest.skip(str(error))
        raise
    made = stage.there_is()
    assert {kind for kind in made if made[kind] - before[kind]} >= {
        *("APIs", "buckets", "databases", "functions", "keys", "log groups", "pools", "roles", "VPCs"),
        *("endpoints", "groups", "subnets", "subnet groups"),
    }
    assert stage.plan() == "no changes\n"

    stage.cloud.stop()
    stage.cloud.start()
    assert stage.there_is() == made
    assert stage.plan() == "no changes\n"

    stage.edit("terraform/stages/local.tfvars", "log_retention_days = 1\n", "log_retention_days = 3\n")
    stage.edit("terraform/stages/local.tfvars", "backup_retention_days = 1\n", "backup_retention_days = 2\n")
    stage.edit("functions/health/function.yaml", "timeout_seconds: 5", "timeout_seconds: 6")
    headline = stage.deploy().splitlines()[0]
    assert re.fullmatch("[0-9]+ to update", headline), headline
    assert stage.there_is() == made
    assert stage.plan() == "no changes\n"

    stage.destroy()
    after = stage.there_is()
    state_bucket = {name for name in after["buckets"] if "-tfstate-" in name}
    assert len(state_bucket) == 1
    assert {**after, "buckets": after["buckets"] - state_bucket} == before
