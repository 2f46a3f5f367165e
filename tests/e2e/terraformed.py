"""The stage `local`, deployed to a running `up` with the real Terraform, as a developer does."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
import requests

from tests.e2e.leftovers import everything
from tests.integration.running_up import Cloud, client
from toolchain.local.up.record import Record

_PATIENCE_SECONDS = 580


@dataclass
class Terraformed:
    """The stage, and the checkout that it was deployed from."""

    cloud: Cloud

    def run(self, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        """Run a task of the checkout, as `./inv` does; `answer` is typed at its question."""
        return subprocess.run(
            (sys.executable, "-m", "invoke", *arguments),
            cwd=self.cloud.project.root,
            env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            check=False,
            capture_output=True,
            text=True,
            input=answer,
            timeout=_PATIENCE_SECONDS,
        )

    def succeed(self, task: str, *options: str, answer: str = "") -> str:
        """Run a task on the stage that must not fail; what it printed."""
        done = self.run(task, *options, "--stage", "local", answer=answer)
        assert done.returncode == 0, f"{task} {options}\n{done.stdout}{done.stderr}"
        return done.stdout

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text in a file, which has to be there."""
        file = self.cloud.project.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def releases(self) -> list[dict[str, Any]]:
        """The latest first."""
        found: list[dict[str, Any]] = json.loads(self.succeed("releases", "--json"))["releases"]
        return found

    def health(self) -> str:
        answer = requests.get(f"{self.client.api_url}/health", timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.text

    def there_is(self) -> dict[str, set[str]]:
        """What there is in the account, by what it is."""
        return everything(lambda service: client(self.cloud.record, service))

    @cached_property
    def client(self) -> Record:
        """What clients of the stage have to know, as its outputs say."""
        outputs = json.loads(self.succeed("outputs", "--format", "json"))
        record = self.cloud.record
        return Record(
            **{
                **{name: getattr(record, name) for name in record.__slots__},
                "api_url": outputs["api_url"],
                "user_pool_id": outputs["user_pool_id"],
                "client_id": outputs["user_pool_client_id"],
                "region": outputs["region"],
            }
        )


def deploy_with_terraform(cloud: Cloud) -> Terraformed:
    """A first deploy. Skips the test when Terraform or its provider can't be had here."""
    if not shutil.which("terraform"):
        pytest.skip("terraform is not on PATH")
    stage = Terraformed(cloud)
    done = stage.run("deploy", "--stage", "local", "--yes")
    if done.returncode and "can't be installed" in done.stdout + done.stderr:
        pytest.skip("the AWS provider is neither in a mirror nor to be had from the registry")
    assert done.returncode == 0, done.stdout + done.stderr
    return stage
