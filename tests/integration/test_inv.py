"""The script that is called before anything is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from toolchain.project import Project


@pytest.fixture
def installed(checkout: Project, tmp_path: Path) -> Path:
    """A checkout whose invoke prints its arguments."""
    root = tmp_path / "project"
    program = root / ".venv" / "bin" / "invoke"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    shutil.copy(checkout.root / "inv", root)
    (root / ".python-version").write_text("3.13\n")
    (root / "requirements-dev.txt").write_text("invoke==2\n")
    (root / ".venv" / "installed").write_text("3.13\ninvoke==2\n")
    return root


@pytest.mark.parametrize("is_absolute", [True, False])
def test_a_link_to_it_is_followed(installed: Path, tmp_path: Path, *, is_absolute: bool) -> None:
    """Also over several links, and from another directory: it is the checkout of the file that counts."""
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (elsewhere / "one").symlink_to(installed / "inv" if is_absolute else Path("../project/inv"))
    (elsewhere / "two").symlink_to("one")
    done = subprocess.run(
        (elsewhere / "two", "status"), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == (f"--search-root {installed} status\n", "")
    assert sorted(path.name for path in elsewhere.iterdir()) == ["one", "two"]
