"""A stage from nothing to users and to its end, with the real Terraform; releases that work and that do not.

One stage for all tests, since a database instance alone takes a minute and a half; they run in this order.
"""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.terraformed import Terraformed, deploy_with_terraform
from tests.e2e.working_tree import copy_working_tree
from tests.integration.releases.load import Load
from tests.integration.running_up import Cloud, call, sign_in, sign_up

# pycognito asks for the time in a way that Python is giving up.
pytestmark = pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning")

_HEALTH = "functions/health/handler.py"
_SETTINGS = "terraform/stages/local.tfvars"

type There = dict[str, set[str]]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    root = tmp_path_factory.mktemp("terraformed") / "project"
    copy_working_tree(root)
    with Cloud(root) as cloud:
        cloud.start()
        yield cloud


@pytest.fixture(scope="module")
def before(cloud: Cloud) -> There:
    """What there is without a stage."""
    return Terraformed(cloud).there_is()


@pytest.fixture(scope="module")
def stage(cloud: Cloud, before: There) -> Terraformed:
    del before  # only to be asked for before
    return deploy_with_terraform(cloud)


def test_first_deploy_makes_a_stage(stage: Terraformed, before: There) -> None:
    made = stage.there_is()
    assert {kind for kind in made if made[kind] - before[kind]} >= {
        *("APIs", "buckets", "databases", "functions", "keys", "log groups", "pools", "roles", "VPCs"),
        *("endpoints", "groups", "subnets", "subnet groups"),
    }


def test_user_signs_up_and_is_known_to_the_api(stage: Terraformed) -> None:
    """The deployed pool calls the deployed trigger, which makes the row that the deployed API reads."""
    sign_up(stage.client, "ada@example.com")
    token = sign_in(stage.client, "ada@example.com")
    assert call(stage.client, "GET", "/me", token).json()["email"] == "ada@example.com"
    assert call(stage.client, "GET", "/me").status_code == 401
    assert call(stage.client, "GET", "/users", token).status_code == 403


def test_first_release_is_noted(stage: Terraformed) -> None:
    [release] = stage.releases()
    assert (release["result"], release["is_live"], release["previous"]) == ("live", True, None)
    assert release["migrations"] == sorted(path.stem for path in stage.cloud.project.migrations.glob("*.sql"))
    assert stage.succeed("migrate", "--dry-run") == "pending: nothing\n"


def test_second_deploy_changes_nothing(stage: Terraformed) -> None:
    before = stage.releases()
    stage.succeed("deploy", "--yes")
    assert stage.releases() == before


def test_change_of_one_function_is_released_while_the_old_one_answers(stage: Terraformed) -> None:
    stage.edit(_HEALTH, '"status": "ok"', '"status": "fine"')
    with Load(f"{stage.client.api_url}/health").running() as load:
        stage.succeed("deploy", "--yes", "--function", "health")
    assert load.failures() == []
    assert '"ok","' in load.answers[0][1]
    assert '"fine"' in stage.health()
    versions = {name: one["version"] for name, one in stage.releases()[0]["functions"].items()}
    assert versions.pop("health") == "2"
    assert set(versions.values()) == {"1"}
    assert "no changes" in stage.succeed("plan")


def test_rollback_fails_no_request_and_leaves_terraform_nothing_to_do(stage: Terraformed) -> None:
    latest, before = stage.releases()
    with Load(f"{stage.client.api_url}/health").running() as load:
        printed = stage.succeed("rollback")
    assert load.failures() == []
    assert f"{before['id']} is live on local" in printed
    assert '"fine"' in load.answers[0][1]
    assert '"ok","' in stage.health()
    live = stage.releases()[0]
    assert live["rollback_to"] == before["id"]
    assert stage.succeed("plan").splitlines() == [
        "1 alias to move",
        "  medium  release  health  its alias moves from version 1 to 2",
        f"  live is {live['id']}, a rollback to {before['id']} by {live['who']}: deploy undoes it",
    ]
    stage.succeed("rollback", "--to", latest["id"])
    assert '"fine"' in stage.health()


def test_broken_release_is_never_seen(stage: Terraformed) -> None:
    """Exit code 1, and the old version answers throughout; then the mended one is released."""
    before = stage.releases()[0]
    stage.edit(_HEALTH, "    database.check()\n", '    raise RuntimeError("broken")\n')
    with Load(f"{stage.client.api_url}/health").running() as load:
        done = stage.run("deploy", "--stage", "local", "--yes")
    assert done.returncode == 1, done.stdout
    assert "GET /health: it answered 500" in done.stderr
    assert "no alias was moved; the release before goes on" in done.stderr
    assert load.failures() == []
    assert {body for _, body, _ in load.answers} == {stage.health()}
    failed, live = stage.releases()[:2]
    assert (failed["result"], live["id"], live["is_live"]) == ("failed", before["id"], True)
    stage.edit(_HEALTH, '    raise RuntimeError("broken")\n', "    database.check()\n")
    stage.succeed("deploy", "--yes")
    assert stage.releases()[0]["result"] == "live"


def test_result_and_log_of_a_remote_call(stage: Terraformed) -> None:
    done = stage.run("invoke-remote", "health", "--stage", "local")
    assert done.returncode == 0
    assert done.stdout.startswith('{\n  "statusCode": 200,')
    assert "REPORT RequestId:" in done.stderr
    request_id = done.stderr.split("REPORT RequestId: ")[1].split()[0]
    assert f"REPORT RequestId: {request_id}" in stage.succeed("logs", "health")


def test_stage_is_there_after_a_restart(stage: Terraformed) -> None:
    made = stage.there_is()
    stage.cloud.stop()
    stage.cloud.start()
    assert stage.there_is() == made
    assert "no changes" in stage.succeed("plan")


def test_settings_change_in_place(stage: Terraformed) -> None:
    made = stage.there_is()
    stage.edit(_SETTINGS, "log_retention_days = 1\n", "log_retention_days = 3\n")
    stage.edit(_SETTINGS, "backup_retention_days = 1\n", "backup_retention_days = 2\n")
    stage.edit("functions/health/function.yaml", "timeout_seconds: 5", "timeout_seconds: 6")
    said = stage.succeed("deploy", "--yes")
    assert re.search("^[0-9]+ to update$", said, re.MULTILINE), said
    assert stage.there_is() == made
    assert "no changes" in stage.succeed("plan")


def test_destroying_leaves_the_states_alone(stage: Terraformed, before: There) -> None:
    assert "stage local is gone" in stage.succeed("destroy", answer="local\n")
    after = stage.there_is()
    states = {name for name in after["buckets"] if "-tfstate-" in name}
    assert len(states) == 1
    assert {**after, "buckets": after["buckets"] - states} == before
