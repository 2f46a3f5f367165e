"""One stage for all tests of what is deployed; each has functions and APIs of its own besides."""

from collections.abc import Iterator

import pytest

from tests.integration.deployed.deployment import Deployment
from tests.integration.running_up import Cloud


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with Cloud(tmp_path_factory.mktemp("deployed") / "project") as cloud:
        deployment = Deployment(cloud)
        deployment.deploy()
        yield deployment
        cloud.stop()
