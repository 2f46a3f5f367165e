"""Packages with more entries than a zip's end record can count."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from toolchain.packaging.archive import Beginning
from toolchain.packaging.segment import compressed, pack

MOST = 65534
"""One more is the number that says: look into the zip64 record."""


@pytest.fixture(scope="module")
def beginning() -> Beginning:
    return Beginning([pack(compressed(f"{number}", b"") for number in range(MOST))])


@pytest.mark.parametrize("more", [0, 1, 2])
def test_zip_tools_read_all_entries(more: int, beginning: Beginning, tmp_path: Path) -> None:
    """Python's zipfile; and Info-ZIP's unzip, where it is installed, which complains of any oddity."""
    path = tmp_path / "x.zip"
    beginning.finish([pack(compressed(f"more{number}", b"more") for number in range(more))], path)
    with zipfile.ZipFile(path) as package:
        assert len(package.namelist()) == MOST + more
        assert package.read(package.namelist()[-1]) == (b"more" if more else b"")
    if shutil.which("unzip"):
        tested = subprocess.run(["unzip", "-tqq", path], capture_output=True, text=True, check=False)
        assert (tested.returncode, tested.stdout + tested.stderr) == (0, "")
