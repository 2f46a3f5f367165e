"""One server for all tests of Cognito; each has pools, users and functions of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cognito.harness import LocalAws, PoolUnderTest, Server, serve


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.fixture
def aws(server: Server, tmp_path: Path) -> Iterator[LocalAws]:
    local = LocalAws(server, tmp_path / "cognito")
    yield local
    local.stop()


@pytest.fixture
def pool(aws: LocalAws) -> PoolUnderTest:
    """A pool whose users sign up with their e-mail."""
    return aws.pool()
