"""An index on this machine, and checkouts that use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.checkouts import Checkout, install_toolchain, make_checkout
from tests.packaging.index import Index, serve_index
from toolchain.project import Project


@pytest.fixture(scope="session")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with serve_index(tmp_path_factory.mktemp("index")) as index:
        yield index


@pytest.fixture
def index(_served: Index, monkeypatch: pytest.MonkeyPatch) -> Index:
    """An index that uv asks. All tests fill the same one: give distributions names of their own."""
    for name, value in _served.environment.items():
        monkeypatch.setenv(name, value)
    return _served


@pytest.fixture
def sample(tmp_path: Path) -> Checkout:
    """A repository without functions, with an empty cache."""
    return make_checkout(tmp_path / "checkout")


@pytest.fixture
def clone(sample: Checkout, checkout: Project) -> Checkout:
    """The sample with a copy of the toolchain, so that `invoke build` runs in it."""
    install_toolchain(sample, checkout)
    return sample
