"""Deploys that are ended at some point: the next one converges, and nothing is there twice.

DEPLOY_KILLS says how many points there are; a few by default, since each is two deploys. Half of them are of
first deploys, half of deploys of a change. DEPLOY_KILLS_SEED chooses them.
"""

import itertools
import json
import os
import random
import signal
import time
from collections.abc import Callable
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

_POINTS = int(os.environ.get("DEPLOY_KILLS", "2"))
_SEED = int(os.environ.get("DEPLOY_KILLS_SEED", "20260131"))
_SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
_REQUESTS = 160
"""About as many as a first deploy sends; a later point is after its end, which has to be right, too."""
_REQUESTS_OF_A_CHANGE = 92
_PATIENCE_SECONDS = 900
_IN_FLIGHT_SECONDS = 2
"""How long Terraform waits for an answer after the signal: it must not lose what is made meanwhile."""

pytestmark = pytest.mark.usefixtures("interrupt_counts")


class Assassin:
    """Sends a signal to a process at a request, whose answer then takes a while, as AWS's do."""

    def __init__(
        self, handler: Handler, is_target: Callable[[HttpRequest], bool], number: signal.Signals
    ) -> None:
        self._handler, self._is_target, self._number = handler, is_target, number
        self.has_struck = False
        self.process: subprocess.Popen[str] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.process is not None and not self.has_struck and self._is_target(request):
            self.has_struck = True
            self.process.send_signal(self._number)
            answer = self._handler(request)
            time.sleep(_IN_FLIGHT_SECONDS)
            return answer
        return self._handler(request)


@pytest.mark.parametrize("point", range(0, _POINTS, 2))
def test_deploy_after_one_that_was_ended(point: int, world: World, first_deploy: object) -> None:
    """A first deploy, at any of its requests; at most one `unlock` is needed."""
    del first_deploy  # only to skip without Terraform's provider
    _end(world, _signal(point), _nth(point, _REQUESTS))
    _converges(world, _signal(point))


def test_deploy_after_one_that_was_ended_as_it_made_a_function(world: World, first_deploy: object) -> None:
    """The function is there when the signal comes, and Terraform has no answer yet."""
    del first_deploy  # as above
    assert _end(world, signal.SIGINT, _makes_a_function)
    _converges(world, signal.SIGINT)


@pytest.mark.parametrize("point", range(1, _POINTS, 2))
def test_deploy_after_one_of_a_change_that_was_ended(point: int, deployed: World) -> None:
    """New code of both functions: it is published once, and both aliases move to it."""
    before = _versions(deployed)
    for name in before:
        deployed.checkout.write(f"functions/{name}/handler.py", f"{HANDLER}# {_SEED} {point}\n")
    _end(deployed, _signal(point), _nth(point, _REQUESTS_OF_A_CHANGE))
    _converges(deployed, _signal(point))
    after = _versions(deployed)
    added = {name: [one for one in found if one not in before[name]] for name, found in after.items()}
    assert added == {name: [str(int(found[-1]) + 1)] for name, found in before.items()}
    assert _live(deployed) == {name: found[-1] for name, found in after.items()}
    assert _results(deployed)[0] == "live"
    assert set(_results(deployed)) <= {"live", "failed"}


def _makes_a_function(request: HttpRequest) -> bool:
    return (request.method, request.path.rstrip("/")) == ("POST", "/2015-03-31/functions")


def _nth(point: int, requests: int) -> Callable[[HttpRequest], bool]:
    """Whether a request is the one that the point chooses."""
    chosen = random.Random(_SEED + point).randrange(1, requests)  # noqa: S311  no secret
    counted = itertools.count(1)
    return lambda _: next(counted) == chosen


def _end(world: World, number: signal.Signals, is_target: Callable[[HttpRequest], bool]) -> bool:
    """Deploy, and end that at a request; whether there was such a request."""
    handler = world.server.handler
    world.server.handler = assassin = Assassin(handler, is_target, number)
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
    return assassin.has_struck


def _converges(world: World, number: signal.Signals) -> None:
    """The next deploy comes to what the checkout says, and leaves nothing."""
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
    from botocore.exceptions import ClientError

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
