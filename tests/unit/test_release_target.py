"""What a release takes from Terraform's outputs."""

import pytest

from toolchain.deploy.releases.target import Applied, parse_outputs
from toolchain.errors import ReleaseError

_FUNCTIONS = {"b": {"version": 2}, "a": {"version": "1"}}


def test_the_api_is_tested_where_it_answers() -> None:
    """A domain whose records somebody makes after the first deploy answers nobody during it."""
    outputs = {"api_url": "https://api.example.com", "api_test_url": "https://x", "functions": _FUNCTIONS}
    assert parse_outputs(outputs) == Applied("https://x", {"a": "1", "b": "2"})


def test_root_modules_without_a_place_for_tests() -> None:
    assert parse_outputs({"api_url": "https://x", "functions": {}}) == Applied("https://x", {})


def test_missing_outputs_are_named_together() -> None:
    with pytest.raises(ReleaseError) as error:
        parse_outputs({})
    assert list(error.value.problems) == [
        "terraform has no output api_url; apply the root module first",
        "terraform has no output functions; apply the root module first",
    ]
