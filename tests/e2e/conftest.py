"""One local cloud for all tests that need one; each has users of its own."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.local_cloud import LocalCloud, run_cloud
from tests.e2e.node import need, provide_packages
from tests.integration.deployed.stack import Stack, build_application


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with run_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def deployed(cloud: LocalCloud) -> Mapping[str, str]:
    """What clients have to know of a stage of the application that is deployed to the cloud."""
    document = build_application(cloud.project.root)
    stack = Stack(cloud.record, cloud.project.dist)
    for declaration in document["functions"].values():
        stack.deploy_function(declaration)
    stack.invoke("migrate_database", {})
    pool, app = stack.deploy_pool({"PostConfirmation": "create_user"})
    url = stack.url(stack.deploy_api(document, pool, app))
    return {**cloud.environment(), "API_URL": url, "USER_POOL_ID": pool, "CLIENT_ID": app}


@pytest.fixture(scope="session")
def node() -> None:
    """Skips tests without Node, before anything is started for them: `usefixtures` come first."""
    need("node")
    need("npm")


@pytest.fixture(scope="session")
def scripts(cloud: LocalCloud) -> Path:
    """The folder of what runs in Node, with the packages it needs."""
    folder = cloud.project.root / "tests" / "e2e" / "javascript"
    provide_packages(folder)
    return folder
