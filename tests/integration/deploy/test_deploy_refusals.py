"""What is refused before anything is written: stages, credentials, and what is missing on this machine."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.cognito.harness import Server, serve
from tests.integration.deploy.world import World, make_world
from tests.unit.deploy.test_stages import MISSPELT
from toolchain.deploy import commands
from toolchain.deploy.commands import Choices
from toolchain.deploy.interrupts import Interrupts
from toolchain.deploy.opened import OpenStage, Surroundings, open_for_work
from toolchain.deploy.progress import Progress
from toolchain.errors import (
    AccountError,
    LocalCloudError,
    MissingToolError,
    StageError,
    TerraformError,
    ToolchainError,
)
from toolchain.local.aws.messages import HttpRequest, HttpResponse

_SIGN_IN = (
    "sign in with `aws sso login`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
    " to account 123456789012 of stage dev"
)


def refused(world: World, stage: str = "dev") -> ToolchainError:
    """Why a deploy is; in one line, and after not a single write."""
    with world.recorded() as recorder, pytest.raises(ToolchainError) as error:
        commands.deploy(world.checkout.project, stage, Choices(yes=True), world.console())
    assert recorder.writes == []
    assert "\n" not in str(error.value)
    return error.value


@pytest.mark.parametrize("stage", MISSPELT)
def test_misspelt_stage_asks_nobody(stage: str, world: World) -> None:
    with world.recorded() as recorder:
        error = refused(world, stage)
        assert recorder.requests == 0
    assert isinstance(error, StageError)
    assert str(error).startswith(f"there is no stage {stage!r}; ")
    assert not (world.checkout.project.root / ".local").exists()


def on_the_command_line(world: World, stage: str) -> tuple[int, str]:
    """The exit code, and all that is printed; nothing was written."""
    with world.recorded() as recorder, world.start("deploy", "--stage", stage, "--yes") as process:
        said = process.communicate(timeout=60)[0]
    assert recorder.writes == []
    return process.returncode, said


def test_misspelt_stage_on_the_command_line(world: World) -> None:
    assert on_the_command_line(world, "prdo") == (
        1,
        "there is no stage 'prdo'; did you mean prod? There are dev, local, prod\n",
    )


def test_wrong_account(world: World) -> None:
    world.edit("stages/dev.tfvars", "123456789012", "999999999999")
    error = refused(world)
    assert isinstance(error, AccountError)
    assert on_the_command_line(world, "dev") == (1, f"{error}\n")
    assert str(error).startswith(
        "the credentials are of account 123456789012, of stage local and prod (arn:aws:"
    )
    assert str(error).endswith("but stage dev is in account 999999999999; use credentials of that account")


def test_crossed_credentials(world: World) -> None:
    """Those of a role in the account of another stage."""
    role = "arn:aws:iam::210987654321:role/deploy"
    keys = world.client("sts").assume_role(RoleArn=role, RoleSessionName="ada")["Credentials"]
    world.edit("stages/prod.tfvars", "123456789012", "210987654321")
    environ = {
        **world.environ,
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }
    error = refused(replace(world, environ=environ))
    assert str(error) == (
        "the credentials are of account 210987654321, of stage prod"
        " (arn:aws:sts::210987654321:assumed-role/deploy/ada), but stage dev is in account 123456789012;"
        " use credentials of that account"
    )


class Sts:
    """Answers every request as AWS answers wrong credentials."""

    def __init__(self, code: str) -> None:
        self._code = code

    def __call__(self, _: HttpRequest) -> HttpResponse:
        body = f"<ErrorResponse><Error><Code>{self._code}</Code><Message>no</Message></Error></ErrorResponse>"
        return HttpResponse(403, (("content-type", "text/xml"),), body.encode())


@pytest.fixture
def sts(tmp_path: Path) -> Iterator[World]:
    """A project, and a server of its own."""
    with serve() as server:
        yield make_world(tmp_path, server, "shop")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ExpiredToken", f"the AWS credentials are expired; {_SIGN_IN}"),
        ("InvalidClientTokenId", f"the AWS credentials are not valid (InvalidClientTokenId); {_SIGN_IN}"),
        ("SignatureDoesNotMatch", f"the AWS credentials are not valid (SignatureDoesNotMatch); {_SIGN_IN}"),
    ],
)
def test_credentials_that_aws_refuses(code: str, said: str, sts: World) -> None:
    sts.server.handler = Sts(code)
    assert str(refused(sts)) == said


def test_no_credentials(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nor a profile, nor a role of the machine."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    environ = {key: value for key, value in world.environ.items() if not key.startswith("AWS_")}
    assert str(refused(replace(world, environ=environ))) == f"there are no AWS credentials; {_SIGN_IN}"


@pytest.mark.parametrize(
    ("config", "choice"),
    [
        ("", "make one with `aws configure sso`, or unset it"),
        ("[profile shop]\n[default]\n", "use one of default, shop"),
    ],
)
def test_profile_that_does_not_exist(
    config: str, choice: str, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(config)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    environ = {**world.environ, "AWS_PROFILE": "misspelt", "AWS_ACCESS_KEY_ID": ""}
    error = refused(replace(world, environ=environ))
    assert str(error) == f"AWS_PROFILE is misspelt, which does not exist; {choice}"


def test_cloud_that_can_not_be_reached(world: World) -> None:
    error = refused(replace(world, environ={**world.environ, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}))
    assert str(error) == (
        'AWS can\'t be reached: Could not connect to the endpoint URL: "http://127.0.0.1:9/"; that is'
        " AWS_ENDPOINT_URL; start the local cloud with `invoke up --detach`, or unset it"
    )


def test_stage_local_without_the_local_cloud(world: World) -> None:
    environ = {key: value for key, value in world.environ.items() if key != "AWS_ENDPOINT_URL"}
    error = refused(replace(world, environ=environ), "local")
    assert isinstance(error, LocalCloudError)


def test_terraform_that_is_missing(world: World, tmp_path: Path) -> None:
    error = refused(replace(world, environ={**world.environ, "PATH": str(tmp_path)}))
    assert isinstance(error, MissingToolError)
    assert str(error).startswith("terraform is not on PATH; brew install")


def test_terraform_that_is_too_old(world: World, tmp_path: Path) -> None:
    program = tmp_path / "terraform"
    program.write_text("#!/bin/sh\necho '" + json.dumps({"terraform_version": "1.9.8"}) + "'\n")
    program.chmod(0o755)
    environ = {**world.environ, "PATH": f"{tmp_path}:{world.environ['PATH']}"}
    with pytest.raises(TerraformError) as error:
        replace(world, environ=environ).deploy()
    assert str(error.value).startswith("Terraform 1.9.8 is too old; 1.11 or newer is needed: brew install")


def test_provider_that_is_missing(world: World, tmp_path: Path) -> None:
    """A mirror that has another one, and no way to the registry."""
    (tmp_path / "registry.terraform.io" / "hashicorp" / "null").mkdir(parents=True)
    settings = tmp_path / "own.tfrc"
    settings.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tmp_path}"\n  }}\n}}\n'
    )
    with pytest.raises(TerraformError) as error:
        replace(world, environ={**world.environ, "TF_CLI_CONFIG_FILE": str(settings)}).deploy()
    assert str(error.value) == (
        "the provider hashicorp/aws can't be installed: provider registry.terraform.io/hashicorp/aws was not"
        " found in any of the search locations; connect to the internet, or set TF_PLUGIN_MIRROR to a"
        " directory that holds registry.terraform.io (made elsewhere with `terraform providers mirror"
        " DIRECTORY`)"
    )


def opened(world: World) -> OpenStage:
    """The stage dev, as commands have it."""
    progress = Progress(world.said.status)
    around = Surroundings(world.environ, world.checkout.cache, progress, Interrupts(progress.say))
    return open_for_work(world.checkout.project, "dev", around)


@pytest.mark.parametrize("is_local", [True, False])
def test_terraform_is_told_whether_it_is_the_local_cloud(
    deploy_server: Server, tmp_path: Path, *, is_local: bool
) -> None:
    """A stage on AWS needs RDS's certificates, whatever the shell says."""
    world = make_world(tmp_path, deploy_server, "somewhere")
    stage = opened(world)
    environ = {**stage.access.environ, "TF_VAR_is_local_cloud": str(not is_local).lower()}
    reached = replace(stage, access=replace(stage.access, environ=environ, is_local=is_local))
    told = reached.prepare("plan").workplace.environ["TF_VAR_is_local_cloud"]
    assert told == ("true" if is_local else "false")


def test_bucket_of_the_states_that_is_missing(deploy_server: Server, tmp_path: Path) -> None:
    """Away from the local cloud, nobody makes it but `bootstrap`."""
    world = make_world(tmp_path, deploy_server, "nowhere")
    stage = opened(world)
    elsewhere = replace(stage, access=replace(stage.access, is_local=False))
    with pytest.raises(TerraformError) as error:
        elsewhere.ensure_bucket()
    assert str(error.value) == (
        "the state bucket nowhere-tfstate-123456789012 does not exist; make it: invoke bootstrap --stage dev"
    )
