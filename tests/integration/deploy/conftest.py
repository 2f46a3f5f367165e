"""Real Terraform on an AWS endpoint of this process; skipped where it or its provider is not at hand."""

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cognito.harness import LocalAws, Server, serve
from tests.integration.deploy.world import World, make_world
from toolchain.errors import TerraformError


@pytest.fixture(scope="session")
def deploy_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The endpoint that all tests deploy to, each a project of its own name."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    with serve() as server:
        aws = LocalAws(server, tmp_path_factory.mktemp("cognito"))
        yield server
        aws.stop()


@pytest.fixture
def world(deploy_server: Server, tmp_path: Path) -> World:
    """A project of which nothing is deployed yet."""
    return make_world(tmp_path, deploy_server, f"t{secrets.token_hex(4)}")


@pytest.fixture(scope="session")
def first_deploy(deploy_server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, str]:
    """A project that is deployed, and what that printed: it takes too long for each test."""
    world = make_world(tmp_path_factory.mktemp("deployed"), deploy_server, f"t{secrets.token_hex(4)}")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "testing")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        try:
            return world, world.deploy()
        except TerraformError as error:
            if "can't be installed" in str(error) and not os.environ.get("TF_PLUGIN_MIRROR"):
                pytest.skip(str(error))
            raise


@pytest.fixture
def deployed(first_deploy: tuple[World, str], tmp_path: Path) -> Iterator[World]:
    """The project that is deployed; what a test edits is as it was after it."""
    world, _ = first_deploy
    root = world.checkout.project.root
    for name in ("terraform", "functions"):
        shutil.copytree(root / name, tmp_path / name)
    yield world
    for name in ("terraform", "functions"):
        shutil.rmtree(root / name)
        shutil.copytree(tmp_path / name, root / name)
