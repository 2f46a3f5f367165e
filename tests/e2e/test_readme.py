"""The README, done by a newcomer: a fresh clone, an empty home directory, its commands in its order."""

import doctest
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.working_tree import REPOSITORY, copy_working_tree

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a clone of the working tree would hold, with nothing installed."""
    directory = tmp_path_factory.mktemp("clone") / "project"
    copy_working_tree(directory)
    yield directory
    if (directory / ".venv" / "installed").exists():
        subprocess.run(("./inv", "down"), cwd=directory, check=True, capture_output=True)
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody who has never used this project."""
    foreign = ("VIRTUAL_ENV", "XDG_CACHE_HOME", "UV_CACHE_DIR", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    return {**environment, "HOME": str(tmp_path_factory.mktemp("home"))}


def test_the_tour_prints_what_the_readme_shows(clone: Path, newcomer: dict[str, str]) -> None:
    """Every console block, line by line; `...` stands for what differs from run to run."""
    checker = doctest.OutputChecker()
    for command, expected in _steps():
        done = subprocess.run(
            ("sh", "-c", command), cwd=clone, env=newcomer, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
        same = checker.check_output(expected, done.stdout, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        assert same, f"$ {command}\n{done.stdout}\ninstead of\n{expected}"


def test_two_clones_build_the_same_bytes(clone: Path, newcomer: dict[str, str]) -> None:
    """Also from another directory, and with nothing in the cache."""
    other = clone.with_name("other-place")
    shutil.copytree(clone, other, ignore=shutil.ignore_patterns(".venv", ".local", "dist"))
    sums = []
    for place, cache in ((clone, "first"), (other, "second")):
        environment = {**newcomer, "XDG_CACHE_HOME": str(clone.parent / cache)}
        subprocess.run(
            ("./inv", "build", "--clean"), cwd=place, env=environment, check=True, capture_output=True
        )
        made = [*sorted(place.glob("dist/*.zip")), place / "dist" / "functions.json"]
        sums.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made})
    assert len(sums[0]) > 1
    assert sums[0] == sums[1]


def _steps() -> list[tuple[str, str]]:
    """The commands of the README's console blocks, each with what it prints."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    blocks = "".join(_BLOCK.findall(text))
    return [(match["command"], match["output"]) for match in _COMMAND.finditer(blocks)]
