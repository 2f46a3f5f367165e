"""A repository for each test that asks for one."""

from pathlib import Path

import pytest

from tests.packaging.checkouts import Checkout, make_checkout


@pytest.fixture
def sample(tmp_path: Path) -> Checkout:
    """A repository without functions, with an empty cache."""
    return make_checkout(tmp_path / "checkout")


@pytest.fixture
def two(sample: Checkout) -> Checkout:
    """A repository with two functions, built."""
    sample.function("letters")
    sample.function("people")
    sample.build()
    return sample
