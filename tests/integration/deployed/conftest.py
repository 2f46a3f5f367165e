"""One stage for all tests of what is deployed; each has functions and APIs of its own besides."""

from collections.abc import Iterator

import pytest

from tests.integration.deployed.deployment import Deployment


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path_factory.mktemp("deployed") / "project")
    try:
        deployment.deploy()
        yield deployment
    finally:
        deployment.cloud.stop()
