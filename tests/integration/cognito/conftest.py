"""One server for all tests of Cognito; each has pools, users and functions of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cognito.harness import LocalAws, PoolUnderTest, Server, serve
from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.messages import Handler
from toolchain.local.aws.moto_app import MotoApp


@pytest.fixture(scope="session")
def moto() -> Handler:
    return MotoApp(Corrections())


@pytest.fixture(scope="session")
def server(moto: Handler) -> Iterator[Server]:
    with serve(moto) as server:
        yield server


@pytest.fixture
def aws(server: Server, moto: Handler, tmp_path: Path) -> Iterator[LocalAws]:
    local = LocalAws(server, moto, tmp_path / "cognito")
    yield local
    local.stop()


@pytest.fixture
def pool(aws: LocalAws) -> PoolUnderTest:
    """A pool whose users sign up with their e-mail."""
    return aws.pool()
