"""Cognito's clients for JavaScript, which nobody here wrote, against the local cloud."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.local_cloud import LocalCloud
from tests.e2e.node import run_test

pytestmark = pytest.mark.usefixtures("node")


@pytest.mark.parametrize("client", ["amplify", "identity_js", "jwt_verify"])
def test_client_works_unchanged(cloud: LocalCloud, scripts: Path, client: str) -> None:
    run_test(scripts / f"{client}.test.mjs", cloud.environment())


@pytest.mark.parametrize("client", ["amplify", "identity_js", "jwt_verify"])
def test_client_works_with_what_is_deployed(deployed: Mapping[str, str], scripts: Path, client: str) -> None:
    """The same, for a stage's pool, functions and API beside those of the source."""
    run_test(scripts / f"{client}.test.mjs", deployed)
