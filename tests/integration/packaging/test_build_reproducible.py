"""The same bytes, wherever, whenever and by whomever they are built."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.packaging.checkouts import HANDLER, Checkout, admit, install_toolchain, make_checkout, run_task
from tests.packaging.wheels import make_wheel
from toolchain.project import Project

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - another file system, where there is one
LONG_AGO = 315_532_800
FILES = {
    "lib/names.py": '"""Größe."""\nNAMES = {"a", "b", "c", "d", "e"}\n',
    "lib/größe/名.txt": "text",
    "lib/größe/deep/er/x.py": "from lib import names\n",
    "functions/people/run.sh": "#!/bin/sh\n",
    "functions/people/a.py": "import json, lib.names\n",
    "functions/people/data/b.json": "{}",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What may differ from one machine to the next, and from one day to another."""

    environment: Mapping[str, str] = field(default_factory=dict)
    order: Callable[[list[str]], list[str]] = list
    umask: int = 0o022
    mtime: int | None = None
    parent: Path | None = None


def _populate(checkout: Checkout, source: Project, surroundings: Surroundings, wheels: list[Path]) -> None:
    for name in surroundings.order(list(FILES)):
        checkout.write(name, FILES[name])
    for name in surroundings.order(["letters", "people"]):
        checkout.function(
            name, "import users\nimport lib.names\n" + HANDLER, wheels=wheels, include=["lib/gr*/*"]
        )
    for wheel in wheels:
        admit(checkout, wheel)
    install_toolchain(checkout, source)
    if surroundings.mtime is not None:
        for path in checkout.project.root.rglob("*"):
            os.utime(path, (surroundings.mtime, surroundings.mtime))


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    directory = tmp_path_factory.mktemp("wheels")
    users = {"users/__init__.py": "from users import model", "users/model.py": 'KINDS = {"x", "y", "z"}\n'}
    return [
        make_wheel(directory, "users", {**users, "users-1.0.data/scripts/run": "#!python\n"}),
        make_wheel(directory, "mail", {"mail.py": "import users\n", "mail.txt": "x" * 10_000}),
    ]


@pytest.fixture(scope="module")
def expected(
    wheels: list[Path], checkout: Project, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """What is built in nothing special."""
    plain = make_checkout(tmp_path_factory.mktemp("plain") / "checkout")
    _populate(plain, checkout, Surroundings(), wheels)
    assert run_task(plain, "build")[0::2] == (0, "")
    return plain.dist()


@pytest.mark.parametrize(
    "surroundings",
    [
        pytest.param(Surroundings(parent=SHARED_MEMORY), id="another file system"),
        pytest.param(
            Surroundings(order=lambda names: names[::-1], mtime=LONG_AGO), id="old files, made backwards"
        ),
        pytest.param(Surroundings(umask=0o077), id="nobody else may read"),
        pytest.param(
            Surroundings({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}), id="ASCII only"
        ),
        pytest.param(
            Surroundings(
                {
                    "TZ": "Pacific/Kiritimati",
                    "LC_ALL": "C.UTF-8",
                    "PYTHONHASHSEED": "1",
                    "PYTHONOPTIMIZE": "2",
                    "PYTHONDONTWRITEBYTECODE": "",
                    "SOURCE_DATE_EPOCH": "1",
                }
            ),
            id="variables",
        ),
    ],
)
def test_packages_are_identical(
    surroundings: Surroundings,
    wheels: list[Path],
    expected: dict[str, bytes],
    checkout: Project,
    tmp_path: Path,
) -> None:
    """Cold, and again from a warm cache; packages and functions.json to the byte."""
    parent = surroundings.parent or tmp_path
    if not parent.is_dir():
        pytest.skip(f"there is no {parent}")
    root = parent / f"packaging-{os.getpid()}" / "some where else"
    before = os.umask(surroundings.umask)
    try:
        other = make_checkout(root)
        _populate(other, checkout, surroundings, wheels)
        for _ in ("cold", "warm"):
            assert run_task(other, "build", "--clean", environment=surroundings.environment)[0::2] == (0, "")
            assert other.dist() == expected
    finally:
        os.umask(before)
        shutil.rmtree(root.parent, ignore_errors=True)


def test_the_cache_of_another_order_of_builds(
    wheels: list[Path], expected: dict[str, bytes], checkout: Project, tmp_path: Path
) -> None:
    """One function after the other, each in a process of its own."""
    other = make_checkout(tmp_path / "checkout")
    _populate(other, checkout, Surroundings(), wheels)
    for name in ("people", "letters"):
        assert run_task(other, "build", "--function", name)[0::2] == (0, "")
    assert other.dist() == expected


def test_zip_tools_read_what_was_built(expected: dict[str, bytes], tmp_path: Path) -> None:
    """Info-ZIP, where it is installed, and Python's."""
    (tmp_path / "people.zip").write_bytes(expected["people.zip"])
    commands = [[sys.executable, "-m", "zipfile", "-t", "people.zip"]]
    if shutil.which("unzip"):
        commands.append(["unzip", "-tqq", "people.zip"])
    for command in commands:
        tested = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (tested.returncode, tested.stderr) == (0, "")
