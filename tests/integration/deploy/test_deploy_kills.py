"""Deploys that are ended at some point: the next one converges, and nothing is there twice.

DEPLOY_KILLS says how many points there are; a few by default, since each is two deploys. DEPLOY_KILLS_SEED
chooses them.
"""

import os
import random
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.deploy.world import STAGE, World
from toolchain.deploy import commands
from toolchain.errors import ToolchainError
from toolchain.local.aws.messages import Handler, HttpRequest, HttpResponse

if TYPE_CHECKING:
    import subprocess

_POINTS = int(os.environ.get("DEPLOY_KILLS", "2"))
_SEED = int(os.environ.get("DEPLOY_KILLS_SEED", "20260131"))
_SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
_REQUESTS = 160
"""About as many as a first deploy sends; a later point is after its end, which has to be right, too."""
_PATIENCE_SECONDS = 240


class Assassin:
    """Sends a signal to a process at its Nth request."""

    def __init__(self, handler: Handler, nth: int, number: signal.Signals) -> None:
        self._handler, self._left, self._number = handler, nth, number
        self.process: subprocess.Popen[str] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._left -= 1
        if self._left == 0 and self.process is not None:
            self.process.send_signal(self._number)
        return self._handler(request)


@pytest.mark.parametrize("point", range(_POINTS))
def test_deploy_after_one_that_was_ended(point: int, world: World, first_deploy: object) -> None:
    """A first deploy, at any of its requests; at most one `unlock` is needed."""
    del first_deploy  # only to skip without Terraform's provider
    chosen = random.Random(_SEED + point)  # noqa: S311  no secret
    number = _SIGNALS[point % len(_SIGNALS)]
    handler = world.server.handler
    world.server.handler = assassin = Assassin(handler, chosen.randrange(1, _REQUESTS), number)
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
    assert status in (0, -number, 128 + number), said
    if number != signal.SIGKILL:
        assert not locks(world), said
    unlocks = _converge(world)
    assert unlocks <= (1 if number == signal.SIGKILL else 0)
    assert world.plan() == "no changes\n"
    assert not locks(world)
    assert world.resources() == {
        "pools": [f"{world.name}-dev"],
        "functions": [f"{world.name}-dev-letters", f"{world.name}-dev-people"],
        "roles": [f"{world.name}-dev-functions"],
    }
    assert not terraforms(world.checkout.project.root)


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
