"""Deploys, from the first to one that has nothing to do."""

import json
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.integration.deploy.test_deploy_refusals import opened
from tests.integration.deploy.world import STAGE, World
from tests.packaging.checkouts import HANDLER
from toolchain.deploy import commands
from toolchain.deploy.deployment import Deployment, Request
from toolchain.deploy.releases.aws import Cloud
from toolchain.deploy.releases.rollback import roll_back
from toolchain.deploy.releases.surroundings import surroundings
from toolchain.errors import BuildError, DeployError, TerraformError


def live(world: World) -> dict[str, int]:
    """The version that each function's alias points to."""
    client = world.client("lambda")
    names = {name: f"{world.name}-{STAGE}-{name}" for name in ("letters", "people")}
    aliases = {name: client.get_alias(FunctionName=known, Name="live") for name, known in names.items()}
    return {name: int(alias["FunctionVersion"]) for name, alias in aliases.items()}


def test_first_deploy_makes_everything_and_the_second_nothing(first_deploy: tuple[World, str]) -> None:
    """The bucket of the states, that of the packages, then the rest; a deploy after it only locks."""
    world, said = first_deploy
    assert f"made the bucket {world.state_bucket}" in said
    assert f"first deploy: making the bucket {world.artifact_bucket}" in said
    assert world.resources() == {
        "pools": [f"{world.name}-dev"],
        "functions": [f"{world.name}-dev-letters", f"{world.name}-dev-people"],
        "roles": [f"{world.name}-dev-functions"],
    }
    assert live(world) == {"letters": 1, "people": 1}
    with world.recorded() as recorder:
        again = world.deploy()
    assert again == "stage dev is as it should be: http://127.0.0.1:9\n"
    assert all("lock" in write for write in recorder.writes), recorder.writes


def test_plan_of_another_clone_is_empty(deployed: World, tmp_path: Path) -> None:
    """What it builds are the same bytes."""
    assert deployed.clone(tmp_path / "clone").plan() == "no changes\n"


def test_change_of_one_function_deploys_that_function(deployed: World) -> None:
    """And the next plan is empty."""
    before = live(deployed)
    deployed.checkout.write("functions/people/handler.py", HANDLER + "# changed\n")
    said = deployed.deploy(function="people")
    assert "1 to update\n" in said
    assert live(deployed) == {"letters": before["letters"], "people": before["people"] + 1}
    assert deployed.plan() == "no changes\n"


def test_deploy_that_undoes_a_rollback_asks(deployed: World) -> None:
    """Though Terraform changes nothing: the plan says which aliases move, and from where."""
    before = live(deployed)["people"]
    deployed.checkout.write("functions/people/handler.py", HANDLER + "# rolled back\n")
    deployed.deploy()
    stage = opened(deployed)
    roll_back(Cloud(stage.target, stage.access), None, surroundings(stage.say))
    planned = deployed.plan()
    assert planned.startswith(
        f"1 alias to move\n  medium  release  people  its alias moves from version {before} to {before + 1}\n"
        "  live is "
    )
    console = deployed.console("no\n")
    with pytest.raises(DeployError, match="nothing was changed"):
        Deployment(stage, Request(confirm=console.confirm), console.write).run()
    assert "Change stage dev so?" in deployed.said.status.getvalue()
    assert live(deployed)["people"] == before
    assert planned in deployed.deploy()
    assert live(deployed)["people"] == before + 1
    assert deployed.plan() == "no changes\n"


def test_function_alone_while_more_has_changed(deployed: World) -> None:
    """What else differs is named, and nothing is touched."""
    deployed.checkout.write("functions/people/handler.py", HANDLER + "# changed\n")
    deployed.edit("main.tf", "${local.prefix}-functions", "${local.prefix}-renamed")
    before = live(deployed)
    with pytest.raises(DeployError) as error:
        deployed.deploy(function="people")
    assert str(error.value).startswith(
        "--function people deploys that function alone, but the stage differs in more: aws_iam_role.functions"
    )
    assert live(deployed) == before


_POOL = 'resource "aws_cognito_user_pool" "main" {'
_FORGOTTEN = """\
removed {
  from = aws_cognito_user_pool.main
  lifecycle {
    destroy = false
  }
}

resource "aws_cognito_user_pool" "other" {"""


@pytest.mark.parametrize(
    ("file", "old", "new", "pool"),
    [("variables.tf", '"email"', '"phone_number"', "main"), ("main.tf", _POOL, _FORGOTTEN, "other")],
    ids=["replaced", "forgotten"],
)
def test_what_would_be_lost_stops_the_deploy(
    file: str, old: str, new: str, pool: str, deployed: World
) -> None:
    """Before any call that changes something."""
    deployed.edit(file, old, new)
    deployed.edit("outputs.tf", "aws_cognito_user_pool.main.id", f"aws_cognito_user_pool.{pool}.id")
    before = deployed.resources()
    with deployed.recorded() as recorder, pytest.raises(DeployError) as error:
        deployed.deploy(yes=True)
    assert "--allow-replace 'aws_cognito_user_pool.main'" in str(error.value)
    assert all("lock" in write for write in recorder.writes), recorder.writes
    assert deployed.resources() == before


def test_what_an_interrupted_deploy_left_unfinished_is_kept(deployed: World) -> None:
    """Terraform would delete the pool and make another, since it does not know how far it came."""
    deployed.deploy()
    directory = deployed.checkout.project.root
    [config] = (deployed.checkout.cache / "terraform").glob("*.tfrc")
    environ = {
        **deployed.environ,
        "TF_WORKSPACE": STAGE,
        "TF_DATA_DIR": str(directory / ".local" / "terraform" / STAGE / "data"),
        "TF_CLI_CONFIG_FILE": str(config),
    }
    taint = ["terraform", "taint", "aws_cognito_user_pool.main"]
    subprocess.run(taint, cwd=directory / "terraform", env=environ, check=True, capture_output=True)
    said = deployed.deploy()
    assert "keeping aws_cognito_user_pool.main, which an interrupted deploy has left unfinished\n" in said
    assert deployed.plan() == "no changes\n"


def test_second_stage_of_an_account(deployed: World) -> None:
    """`terraform init` misses its workspace, as there is another one already.

    A plan of it is not applied to the first, nor the other way round.
    """
    saved = deployed.checkout.project.root / "prod.tfplan"
    commands.plan(deployed.checkout.project, "prod", str(saved), deployed.console(), as_json=False)
    assert deployed.said.output.getvalue().startswith("7 to create\n")
    with pytest.raises(DeployError) as error:
        deployed.deploy(plan=str(saved))
    assert str(error.value) == f"--plan {saved} is a plan of stage prod, not of dev"


def test_saved_plan_is_what_is_applied(deployed: World) -> None:
    """And the packages are those it was made for; dist/ is not built again."""
    before = live(deployed)
    deployed.checkout.write("functions/people/handler.py", HANDLER + "# planned\n")
    saved = deployed.checkout.project.root / "saved.tfplan"
    commands.plan(deployed.checkout.project, STAGE, str(saved), deployed.console(), as_json=True)
    found = json.loads(deployed.said.output.getvalue())
    assert found["summary"] == "1 to update"
    assert saved.stat().st_mode & 0o077 == 0
    deployed.checkout.write("functions/people/handler.py", HANDLER + "# later\n")
    deployed.deploy(plan=str(saved), yes=True)
    assert live(deployed) == {"letters": before["letters"], "people": before["people"] + 1}
    assert deployed.plan().startswith("1 to update")


def test_loss_that_is_allowed_and_the_end(world: World) -> None:
    """A pool that may be replaced is; a stage whose name was typed is destroyed, and leaves nothing.

    So is one with --yes.
    """
    project = world.checkout.project
    world.deploy()
    world.edit("variables.tf", '"email"', '"phone_number"')
    said = world.deploy(allow_replace=("aws_cognito_user_pool.main", "aws_kms_key.misspelt"))
    assert "--allow-replace aws_kms_key.misspelt: the plan does not lose it" in said
    assert "replaced" in said or "created  aws_cognito_user_pool.main" in said
    with pytest.raises(DeployError, match="nothing was destroyed"):
        commands.destroy(project, STAGE, world.console("yes\n"))
    assert world.resources()["functions"]
    commands.destroy(project, STAGE, world.console("dev\n"))
    assert world.resources() == {"pools": [], "functions": [], "roles": []}
    world.deploy()
    commands.destroy(project, STAGE, world.console(), yes=True)
    assert world.resources() == {"pools": [], "functions": [], "roles": []}


def test_package_that_is_not_what_was_planned(deployed: World) -> None:
    saved = deployed.checkout.project.root / "saved.tfplan"
    commands.plan(deployed.checkout.project, STAGE, str(saved), deployed.console(), as_json=True)
    deployed.checkout.zip("people").write_bytes(b"another")
    with pytest.raises(BuildError, match=r"people.zip: its SHA-256 is"):
        deployed.deploy(plan=str(saved), yes=True)


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "there is no such file"), (b"{}", "it is not a plan that was saved")],
    ids=["missing", "another"],
)
def test_file_that_is_no_saved_plan(content: bytes | None, problem: str, world: World) -> None:
    """Before anything is written."""
    if content:
        world.checkout.write("saved.tfplan", content)
    saved = world.checkout.project.root / "saved.tfplan"
    with world.recorded() as recorder, pytest.raises(DeployError) as error:
        world.deploy(plan=str(saved), yes=True)
    assert recorder.writes == []
    assert str(error.value) == (f"--plan {saved}: {problem}; make one: invoke plan --stage dev --out {saved}")


def test_archive_that_is_no_saved_plan(deployed: World) -> None:
    """What Terraform says of it is a line, without the frame that it draws."""
    saved = deployed.checkout.project.root / "saved.tfplan"
    with ZipFile(saved, "w") as archive:
        archive.writestr("handler.py", HANDLER)
    with pytest.raises(TerraformError) as error:
        deployed.deploy(plan=str(saved), yes=True)
    assert str(error.value).startswith(
        "terraform show failed: Error: Failed to read the given file as a state"
    )
    assert not set("╷│╵\n") & set(str(error.value))


def test_plan_that_was_made_for_other_packages(deployed: World) -> None:
    """The application was edited and built since: nothing is uploaded, nothing applied."""
    before = live(deployed)
    saved = deployed.checkout.project.root / "saved.tfplan"
    commands.plan(deployed.checkout.project, STAGE, str(saved), deployed.console(), as_json=True)
    deployed.checkout.write("functions/people/handler.py", HANDLER + "# after the plan\n")
    deployed.plan()
    with deployed.recorded() as recorder, pytest.raises(DeployError) as error:
        deployed.deploy(plan=str(saved), yes=True)
    assert str(error.value) == (
        f"--plan {saved} was made for other packages than dist/ has: people; restore the dist/ of that plan,"
        f" or make a new one: `invoke plan --stage dev --out {saved}`"
    )
    assert all("lock" in write for write in recorder.writes), recorder.writes
    assert live(deployed) == before


def test_saved_plan_with_nothing_built(deployed: World) -> None:
    saved = deployed.checkout.project.root / "saved.tfplan"
    with ZipFile(saved, "w"):
        (deployed.checkout.project.dist / "functions.json").unlink()
    with pytest.raises(BuildError, match=r"dist/functions.json: missing; run `invoke build`"):
        deployed.deploy(plan=str(saved), yes=True)


def test_drift_is_what_others_have_changed(deployed: World) -> None:
    """Not what the checkout has changed."""
    deployed.checkout.write("functions/people/handler.py", HANDLER + "# changed\n")
    assert not commands.drift(deployed.checkout.project, STAGE, deployed.console())
    assert deployed.said.output.getvalue() == "no drift\n"
    client = deployed.client("lambda")
    client.update_function_configuration(FunctionName=f"{deployed.name}-dev-letters", MemorySize=512)
    assert commands.drift(deployed.checkout.project, STAGE, deployed.console())
    assert "letters" in deployed.said.output.getvalue()
    assert "people" not in deployed.said.output.getvalue()
    assert "; the next deploy sets it back\n" in deployed.said.output.getvalue()


def test_protected_stage_is_not_destroyed(world: World) -> None:
    with world.recorded() as recorder, pytest.raises(DeployError) as error:
        commands.destroy(world.checkout.project, "prod", world.console("prod\n"), yes=True)
    assert str(error.value) == (
        "stage prod is protected; to destroy it, deploy it with `protected = false` in its tfvars"
    )
    assert recorder.writes == []
