"""A stage of the application on a running local cloud; what Terraform makes is made with boto3."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import requests

from tests.integration.deployed.stack import HOST, Stack, build_application
from tests.integration.running_up import Cloud as Up
from toolchain.deploy.cloud import Access
from toolchain.deploy.releases.aws import Cloud
from toolchain.deploy.releases.history import History
from toolchain.deploy.releases.packages import packages_of, read_document
from toolchain.deploy.releases.record import Release
from toolchain.deploy.releases.release import Intent, release
from toolchain.deploy.releases.rollback import roll_back
from toolchain.deploy.releases.samples import read_samples
from toolchain.deploy.releases.surroundings import surroundings
from toolchain.deploy.releases.target import Applied, Target
from toolchain.deploy.releases.upload import upload
from toolchain.local.run.environment import ACCOUNT_ID, REGION
from toolchain.project import Project

PROJECT, STAGE = "app", "dev"
TARGET = Target(PROJECT, STAGE, REGION, ACCOUNT_ID)


def open_services(endpoint_url: str) -> Cloud:
    """AWS for releases, at the local cloud."""
    session = boto3.Session(
        aws_access_key_id="local", aws_secret_access_key="local", region_name=TARGET.region
    )
    return Cloud(TARGET, Access({"AWS_ENDPOINT_URL": endpoint_url}, is_local=True, session=session))


@dataclass
class _Stack(Stack):
    @cached_property
    def bucket(self) -> str:
        location = {"LocationConstraint": self.record.region}
        self.client("s3").create_bucket(Bucket=TARGET.artifact_bucket, CreateBucketConfiguration=location)
        return TARGET.artifact_bucket


@dataclass
class ReleasedStage:
    """The application, deployed from a folder where it may be edited; `said` is what releases have told."""

    root: Path
    up: Up
    stack: Stack
    said: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    api_url: str = ""

    @property
    def services(self) -> Cloud:
        return open_services(self.stack.record.endpoint_url)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text in a file, which has to be there."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def apply(self) -> None:
        """Build, upload, and do what Terraform does: publish new versions, leave aliases alone."""
        document = build_application(self.root)
        bucket = self.stack.bucket
        for one in upload(self.services.bucket, packages_of(document, Project(self.root))):
            name, digest = one.package.name, one.package.sha256
            if self.codes.get(name) != digest:
                self._publish(document["functions"][name], {"S3Bucket": bucket, "S3Key": one.package.key})
                self.codes[name] = digest
        if not self.api_url:
            pool, app = self.stack.deploy_pool({"PostConfirmation": "create_user"})
            self.api_url = self.stack.url(self.stack.deploy_api(document, pool, app))

    def intent(self) -> Intent:
        project = Project(self.root)
        functions = read_document(project)["functions"]
        applied = Applied(self.api_url, dict(self.versions))
        return Intent(applied, functions, read_samples(project, functions), None, is_dirty=False)

    def release(self) -> Release | None:
        self.apply()
        return release(self.services, self.intent(), surroundings(self.said.append))

    def roll_back(self, to: str | None = None) -> Release:
        return roll_back(self.services, to, surroundings(self.said.append))

    def records(self) -> list[Release]:
        """The latest first."""
        history = History(self.services.bucket)
        return list(history.read(history.ids()))

    def live(self) -> dict[str, str]:
        """Where the aliases are."""
        functions = self.services.functions
        found = {name: functions.alias(TARGET.function_name(name), "live") for name in self.versions}
        return {name: alias.version for name, alias in found.items() if alias}

    def health(self) -> dict[str, Any]:
        answer = requests.get(f"{self.api_url}/health", timeout=30)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def _publish(self, declaration: Mapping[str, Any], source: Mapping[str, str]) -> None:
        name = declaration["name"]
        client, function = self.stack.client("lambda"), self.stack.name(name)
        if name in self.versions:
            made = client.update_function_code(FunctionName=function, Publish=True, **source)
        else:
            made = client.create_function(
                FunctionName=function,
                Runtime="python3.13",
                Role=self.stack.role,
                Handler=declaration["handler"],
                MemorySize=declaration["memory_mb"],
                Timeout=declaration["timeout_seconds"],
                Architectures=[HOST],
                Environment={"Variables": self.stack.variables(declaration)},
                Code=source,
                Publish=True,
            )
            client.create_alias(FunctionName=function, Name="live", FunctionVersion=made["Version"])
        self.versions[name] = str(made["Version"])


@contextmanager
def released_stage(root: Path) -> Iterator[ReleasedStage]:
    """A stage with a first release."""
    build_application(root)
    _declare(root)
    up = Up(root)
    try:
        stage = ReleasedStage(root, up, _Stack(up.start(), root / "dist", STAGE))
        stage.release()
        yield stage
    finally:
        up.stop()


def _declare(root: Path) -> None:
    """Give the project its name, and the stage its file."""
    pyproject = root / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(re.sub(r'^name = ".*"', f'name = "{PROJECT}"', text, count=1, flags=re.MULTILINE))
    file = root / "terraform" / "stages" / f"{STAGE}.tfvars"
    file.parent.mkdir(parents=True)
    file.write_text(
        f'stage = "{STAGE}"\naccount_id = "{ACCOUNT_ID}"\nregion = "{REGION}"\nprotected = false\n'
    )
