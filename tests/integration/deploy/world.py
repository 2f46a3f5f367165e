"""A small project, and the commands of `invoke` on it: with the real Terraform and the real provider."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3

from tests.integration.cognito.harness import Server
from tests.packaging.checkouts import Checkout, make_checkout
from toolchain.deploy import commands
from toolchain.deploy.commands import Choices, Console
from toolchain.local.aws.messages import Handler, HttpRequest, HttpResponse
from toolchain.project import Project

ROOT = Path(__file__).resolve().parents[3]
STAGE = "dev"
ACCOUNT = "123456789012"
_SOURCE = ROOT / "tests" / "projects" / "deploy" / "terraform"
_TASKS = """\
from invoke.collection import Collection
from toolchain.tasks import deploy

namespace = Collection(deploy.bootstrap, deploy.deploy, deploy.plan, deploy.unlock)
"""


@dataclass
class Recorder:
    """Answers as the handler does, and keeps the requests that may write."""

    handler: Handler
    writes: list[str] = field(default_factory=list)
    requests: int = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.requests += 1
        if request.method not in ("GET", "HEAD") and not _only_reads(request):
            self.writes.append(f"{request.method} {request.path} {request.body[:60]!r}")
        return self.handler(request)


def _only_reads(request: HttpRequest) -> bool:
    """POST is what SDKs ask with, too: the action's name tells."""
    target = dict(request.headers).get("x-amz-target", "").rpartition(".")[2]
    action = target or request.body.decode("latin1").partition("Action=")[2]
    return action.startswith(("Get", "Describe", "List"))


@dataclass
class Said:
    """What a command printed."""

    output: io.StringIO = field(default_factory=io.StringIO)
    status: io.StringIO = field(default_factory=io.StringIO)


@dataclass
class World:
    """The project of a test. Its name is its own: all projects share one account."""

    checkout: Checkout
    server: Server
    environ: Mapping[str, str]
    name: str
    said: Said = field(default_factory=Said)

    def console(self, answers: str = "") -> Console:
        self.said = Said()
        streams = (io.StringIO(answers), self.said.output, self.said.status)
        return Console(self.environ, self.checkout.cache, *streams)

    def deploy(self, stage: str = STAGE, **choices: Any) -> str:  # noqa: ANN401  of any type
        """Deploy as `invoke deploy` does; what it printed."""
        commands.deploy(self.checkout.project, stage, Choices(**choices), self.console())
        return self.said.output.getvalue() + self.said.status.getvalue()

    def plan(self) -> str:
        """Plan as `invoke plan` does; what it printed."""
        commands.plan(self.checkout.project, STAGE, None, self.console(), as_json=False)
        return self.said.output.getvalue()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `invoke` in the project, as a user would."""
        return subprocess.Popen(
            [Path(sys.executable).with_name("invoke"), *arguments],
            cwd=self.checkout.project.root,
            env={**self.environ, "XDG_CACHE_HOME": str(self.checkout.cache.parent)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def clone(self, root: Path) -> "World":
        """Another checkout of the same, where nothing was built or deployed."""
        shutil.copytree(
            self.checkout.project.root, root, ignore=shutil.ignore_patterns(".local", "dist", ".terraform*")
        )
        return replace(self, checkout=replace(self.checkout, project=Project(root)))

    def client(self, service: str) -> Any:  # noqa: ANN401  boto3's clients have no types
        return boto3.client(service, region_name="eu-west-1", endpoint_url=self.environ["AWS_ENDPOINT_URL"])

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a file of the root module."""
        path = self.checkout.project.root / "terraform" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    @property
    def state_bucket(self) -> str:
        return f"{self.name}-tfstate-{ACCOUNT}"

    @property
    def artifact_bucket(self) -> str:
        return f"{self.name}-{STAGE}-artifacts-{ACCOUNT}"

    def resources(self) -> dict[str, list[str]]:
        """What there is of this project on AWS: one that Terraform lost would be there twice."""
        found = {
            "pools": self.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"],
            "functions": self.client("lambda").list_functions()["Functions"],
            "roles": self.client("iam").list_roles()["Roles"],
        }
        names = {"pools": "Name", "functions": "FunctionName", "roles": "RoleName"}
        return {
            kind: sorted(one[names[kind]] for one in ones if one[names[kind]].startswith(f"{self.name}-"))
            for kind, ones in found.items()
        }

    @contextmanager
    def recorded(self) -> Iterator[Recorder]:
        """Record the requests of this block."""
        before = self.server.handler
        recorder = Recorder(before)
        self.server.handler = recorder
        try:
            yield recorder
        finally:
            self.server.handler = before


def make_world(directory: Path, server: Server, name: str) -> World:
    """A project with two functions, and the small root module."""
    checkout = make_checkout(directory / "project")
    root = checkout.project.root
    checkout.write("pyproject.toml", f'[project]\nname = "{name}"\nversion = "0"\n')
    checkout.write(".gitignore", "/dist/\n/.local/\n")
    checkout.write("tasks.py", _TASKS)
    checkout.function("letters")
    checkout.function("people")
    shutil.copytree(_SOURCE, root / "terraform")
    shutil.copytree(ROOT / "toolchain", root / "toolchain", ignore=shutil.ignore_patterns("__pycache__"))
    passed_on = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    environ = {**passed_on, **keys, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.port}"}
    return World(checkout, server, environ, name)
