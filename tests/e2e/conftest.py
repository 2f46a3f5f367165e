"""One local cloud for all tests that need one; each has users of its own."""

from collections.abc import Iterator

import pytest

from tests.e2e.local_cloud import LocalCloud, run_cloud


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with run_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud
