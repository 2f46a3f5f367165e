"""What the tests of workers share."""

from pathlib import Path

import pytest

from tests.integration.workers.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A checkout of one function that does what its event says."""
    return World(tmp_path)
