"""Deploys that are ended at some point: the next one converges, and nothing is there twice.

DEPLOY_KILLS says how many points there are; a few by default, since each is two deploys. Half of them are of
first deploys, half of deploys of a change. DEPLOY_KILLS_SEED chooses them.
"""

import json
import os
import random
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.deploy.world import STAGE, World
from tests.packaging.checkouts import HANDLER
from toolchain.deploy import commands
from toolchain.deploy.releases.record import FOLDER
from toolchain.errors import ToolchainError
from toolchain.local.aws.messages import Handler, HttpRequest, HttpResponse

if TYPE_CHECKING:
    import subprocess

_POINTS = int(os.environ.get("DEPLOY_KILLS", "3"))
_SEED = int(os.environ.get("DEPLOY_KILLS_SEED", "20260131"))
_SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
_REQUESTS = 160
"""About as many as a first deploy sends; a later point is after its end, which has to be right, too."""
_REQUESTS_OF_A_CHANGE = 92
_PATIENCE_SECONDS = 900

pytestmark = pytest.mark.usefixtures("interrupt_counts")


class Assassin:
    """Sends a signal to a process at its Nth request."""

    def __init__(self, handler: Handler, nth: int, number: signal.Signals) -> None:
        self._handler, self._left, self._number = handler, nth, number
        self.process: subprocess.Popen[str] | None = None

    @property
    def has_struck(self) -> bool:
        return self._left <= 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._left -= 1
        if self._left == 0 and self.process is not None:
            self.process.send_signal(self._number)
        return self._handler(request)


@pytest.mark.parametrize("point", range(0, _POINTS, 2))
def test_deploy_after_one_that_was_ended(point: int, world: World, first_deploy: object) -> None:
    """A first deploy, at any of its requests; at most one `unlock` is needed."""
    del first_deploy  # only to skip without Terraform's provider
    _end(world, point, _REQUESTS)
    _converges(world, point)


@pytest.mark.parametrize("point", range(1, _POINTS, 2))
def test_deploy_after_one_of_a_change_that_was_ended(point: int, deployed: World) -> None:
    """New code of both functions: it is published once, and both aliases move to it."""
    before = _versions(deployed)
    for name in before:
        deployed.checkout.write(f"functions/{name}/handler.py", f"{HANDLER}# {_SEED} {point}\n")
    _end(deployed, point, _REQUESTS_OF_A_CHANGE)
    _converges(deployed, point)
    assert _versions(deployed) == {name: [*found, str(len(found) + 1)] for name, found in before.items()}
    assert _live(deployed) == {name: found[-1] for name, found in _versions(deployed).items()}
    assert _results(deployed)[0] == "live"
    assert set(_results(deployed)) <= {"live", "failed"}


def _end(world: World, point: int, requests: int) -> None:
    """Deploy, and end that at a request that the point chooses."""
    chosen = random.Random(_SEED + point)  # noqa: S311  no secret
    number = _signal(point)
    handler = world.server.handler
    world.server.handler = assassin = Assassin(handler, chosen.randrange(1, requests), number)
    try:
        with world.start("deploy", "--stage", STAGE) as process:
            assassin.process = process
            try:
                said = process.communicate(timeout=_PATIENCE_SECONDS)[0]
            finally:
                process.terminate()  # only if the test itself is ended
    finally:
        world.server.handler = handler
    status = process.returncode
    assert status in ((-number, 128 + number) if assassin.has_struck else (0,)), said
    if number != signal.SIGKILL:
        assert not locks(world), said


def _converges(world: World, point: int) -> None:
    """The next deploy comes to what the checkout says, and leaves nothing."""
    unlocks = _converge(world)
    assert unlocks <= (1 if _signal(point) == signal.SIGKILL else 0)
    assert world.plan() == "no changes\n"
    assert not locks(world)
    assert world.resources() == {
        "pools": [f"{world.name}-dev"],
        "functions": [f"{world.name}-dev-letters", f"{world.name}-dev-people"],
        "roles": [f"{world.name}-dev-functions"],
    }
    assert not terraforms(world.checkout.project.root)


def _signal(point: int) -> signal.Signals:
    return _SIGNALS[point % len(_SIGNALS)]


def _converge(world: World) -> int:
    """Deploy, as a user would who reads what it says; how many times she had to unlock."""
    try:
        world.deploy()
    except ToolchainError as error:
        if "invoke unlock --stage dev" not in str(error):
            raise
        commands.unlock(world.checkout.project, STAGE, world.console(), yes=True)
        world.deploy()
        return 1
    return 0


def _versions(world: World) -> dict[str, list[str]]:
    """What was published of each function, by its name in the checkout."""
    pages = world.client("lambda").get_paginator("list_versions_by_function")
    found = {}
    for name in ("letters", "people"):
        listed = pages.paginate(FunctionName=f"{world.name}-{STAGE}-{name}").search("Versions[].Version")
        found[name] = [version for version in listed if version != "$LATEST"]
    return found


def _live(world: World) -> dict[str, str]:
    """Where the aliases are."""
    client = world.client("lambda")
    return {
        name: client.get_alias(FunctionName=f"{world.name}-{STAGE}-{name}", Name="live")["FunctionVersion"]
        for name in ("letters", "people")
    }


def _results(world: World) -> list[str]:
    """How the releases ended, the latest first."""
    s3 = world.client("s3")
    found = s3.list_objects_v2(Bucket=world.artifact_bucket, Prefix=FOLDER)["Contents"]
    keys = sorted((item["Key"] for item in found), reverse=True)
    bodies = [s3.get_object(Bucket=world.artifact_bucket, Key=key)["Body"].read() for key in keys]
    return [json.loads(body)["result"] for body in bodies]


def locks(world: World) -> list[str]:
    """The locks in the bucket of the states."""
    from botocore.exceptions import ClientError  # type: ignore[import-untyped]

    try:
        found = world.client("s3").list_objects_v2(Bucket=world.state_bucket).get("Contents", [])
    except ClientError:
        return []
    return [item["Key"] for item in found if "lock" in item["Key"]]


def terraforms(root: Path) -> list[str]:
    """Processes that work in the root module: Terraform, and its providers. Waits a moment for them to go."""
    for _ in range(100):
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "cwd").readlink() == root / "terraform":
                    found.append((process / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        if not found:
            break
        time.sleep(0.1)
    return found
