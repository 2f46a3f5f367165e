"""Cognito's clients for JavaScript, which nobody here wrote, against the local cloud."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.local_cloud import LocalCloud
from tests.e2e.npm import need, provide_packages


@pytest.fixture(scope="module")
def scripts(cloud: LocalCloud) -> Path:
    """The folder of the clients, with the packages they need."""
    folder = cloud.project.root / "tests" / "e2e" / "javascript"
    provide_packages(folder)
    return folder


@pytest.mark.parametrize("client", ["amplify", "identity_js", "jwt_verify"])
def test_client_works_unchanged(cloud: LocalCloud, scripts: Path, client: str) -> None:
    """Node's own test runner tells what does not work."""
    done = subprocess.run(
        (need("node"), "--test", "--test-reporter=spec", f"{client}.test.mjs"),
        cwd=scripts,
        env={**os.environ, **cloud.environment()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
