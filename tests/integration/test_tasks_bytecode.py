"""Whether Python may keep the toolchain's bytecode: invoke forbids it to, which a quarter of a build was."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import toolchain

INVOKE = Path(sys.executable).with_name("invoke")


@pytest.mark.parametrize(
    ("surroundings", "kept"),
    [({}, True), ({"PYTHONDONTWRITEBYTECODE": "1"}, False)],
    ids=["kept", "forbidden"],
)
def test_bytecode_of_the_toolchain(tmp_path: Path, surroundings: dict[str, str], kept: bool) -> None:  # noqa: FBT001
    """It is kept, unless the user's environment says otherwise."""
    root = Path(toolchain.__file__).parents[1]
    shutil.copytree(root / "toolchain", tmp_path / "toolchain", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "tasks.py", tmp_path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run(
        [INVOKE, "--list"], cwd=tmp_path, env=environment | surroundings, check=True, capture_output=True
    )
    assert (tmp_path / "toolchain" / "tasks" / "__pycache__").exists() is kept
