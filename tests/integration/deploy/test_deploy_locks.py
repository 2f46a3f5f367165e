"""Deploys that get in each other's way."""

import json
import threading
from typing import TYPE_CHECKING

import pytest

from tests.integration.deploy.world import STAGE, World
from tests.packaging.checkouts import HANDLER
from toolchain.deploy import commands
from toolchain.errors import DeployError, TerraformError
from toolchain.local.aws.messages import Handler, HttpRequest, HttpResponse

if TYPE_CHECKING:
    import subprocess

_PATIENCE_SECONDS = 240


class Gate:
    """Lets no new code of a function through until it is opened."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._open = threading.Event()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "PUT" and request.path.endswith("/code"):
            self._open.wait(_PATIENCE_SECONDS)
        return self._handler(request)

    def open(self) -> None:
        self._open.set()


def test_of_eight_deploys_at_once_one_wins(deployed: World) -> None:
    """Half of them from another clone; all others say who holds the lock. The winner ends after them."""
    deployed.checkout.write("functions/people/handler.py", HANDLER + "# of eight\n")
    clone = deployed.clone(deployed.checkout.project.root.with_name("clone"))
    gate = Gate(deployed.server.handler)
    deployed.server.handler = gate
    try:
        started = [world.start("deploy", "--stage", STAGE) for world in (deployed, clone) * 4]
        waiting = {process.pid: process for process in started}
        ended: dict[int, subprocess.Popen[str]] = {}
        while len(ended) < 7:
            for pid, process in list(waiting.items()):
                if process.poll() is not None:
                    ended[pid] = waiting.pop(pid)
            assert waiting, "the one that holds the lock waits at the gate"
        gate.open()
        [winner] = waiting.values()
        said = winner.communicate(timeout=_PATIENCE_SECONDS)[0]
        assert winner.returncode == 0, said
        for process in ended.values():
            told = process.communicate()[0]
            assert process.returncode == 1, told
            assert "stage dev is locked by " in told
            assert "(deploy); wait for that to end" in told
    finally:
        gate.open()
        deployed.server.handler = gate._handler  # noqa: SLF001  what was there before
    assert deployed.plan() == "no changes\n"


def test_lock_of_terraform_tells_who_and_is_removed(deployed: World) -> None:
    """As `terraform apply` leaves it when it is killed."""
    key = f"stages/{STAGE}/terraform.tfstate.tflock"
    lock = {
        "ID": "6f3a2d6e-1111-2222-3333-444455556666",
        "Operation": "OperationTypeApply",
        "Info": "",
        "Who": "ada@laptop",
        "Version": "1.11.4",
        "Created": "2026-01-31T12:00:00Z",
        "Path": f"{deployed.state_bucket}/stages/{STAGE}/terraform.tfstate",
    }
    deployed.client("s3").put_object(Bucket=deployed.state_bucket, Key=key, Body=json.dumps(lock).encode())
    with pytest.raises(TerraformError) as error:
        deployed.deploy()
    assert str(error.value) == (
        "stage dev is locked by ada@laptop since 2026-01-31 12:00:00 +0000 UTC (apply); wait for that to end,"
        " or if it was killed: invoke unlock --stage dev"
    )
    project = deployed.checkout.project
    with pytest.raises(DeployError, match="the lock was left"):
        commands.unlock(project, STAGE, deployed.console("n\n"), yes=False)
    commands.unlock(project, STAGE, deployed.console("y\n"), yes=False)
    assert deployed.said.output.getvalue() == (
        "locked by ada@laptop since 2026-01-31T12:00:00Z (apply)\nstage dev is unlocked\n"
    )
    assert deployed.plan()
    commands.unlock(project, STAGE, deployed.console(), yes=False)
    assert deployed.said.output.getvalue() == "stage dev is not locked\n"
