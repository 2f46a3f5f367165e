"""The local cloud's control planes in this process, and a stage on a running local cloud."""

from collections.abc import Iterator

import pytest

from tests.integration.aws.conftest import aws, moto_app
from tests.integration.releases.stage import ReleasedStage, released_stage

__all__ = ["aws", "moto_app"]


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReleasedStage]:
    """A stage with a first release, for all tests."""
    with released_stage(tmp_path_factory.mktemp("stage") / "project") as stage:
        yield stage


@pytest.fixture
def stage(released: ReleasedStage) -> Iterator[ReleasedStage]:
    """The stage; what a test edits in its folder is undone, though not what it has released or added."""
    folders = [released.root / name for name in ("functions", "lib", "migrations")]
    before = {path: path.read_bytes() for folder in folders for path in folder.rglob("*.*") if path.is_file()}
    yield released
    for path, content in before.items():
        if path.suffix in (".py", ".sql") and path.read_bytes() != content:
            path.write_bytes(content)
