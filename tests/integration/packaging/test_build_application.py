"""The reference application, built for both processors: complete, of one kind, and quick to load.

Its wheels come from the configured index the first time, then from the user's cache.
"""

import json
import os
import platform
import shutil
import stat
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from tests.packaging.checkouts import Checkout
from toolchain.packaging.completeness import PROVIDED_BY_LAMBDA
from toolchain.packaging.target import Architecture
from toolchain.project import Project, cache_directory

BUILT_FROM = ("events", "functions", "lib", "migrations")
ARCHITECTURES: Mapping[str, Architecture] = {"x86_64": "x86_64", "aarch64": "arm64"}
OF_THIS_MACHINE = ARCHITECTURES.get(platform.machine()) if sys.platform == "linux" else None


@pytest.fixture(scope="module")
def application(checkout: Project, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of what the application is built from: the dist/ of whoever runs the tests is left alone."""
    copy = Project(tmp_path_factory.mktemp("application"))
    for name in BUILT_FROM:
        shutil.copytree(checkout.root / name, copy.root / name)
    shutil.copy(checkout.root / "pyproject.toml", copy.root)
    return Checkout(copy, cache_directory(os.environ))


def test_a_package_for_arm64_holds_nothing_for_another_processor(application: Checkout) -> None:
    application.build(architecture="arm64", clean=True)
    assert {one["architecture"] for one in application.document().values()} == {"arm64"}
    machines = {}
    for path in application.project.dist.glob("*.zip"):
        with zipfile.ZipFile(path) as package:
            for entry in package.infolist():
                with package.open(entry) as file:
                    if file.read(4) == b"\x7fELF":
                        file.seek(0)
                        machines[path.stem, entry.filename] = ELFFile(file)["e_machine"]
    assert machines, "pydantic-core is compiled"
    assert set(machines.values()) == {"EM_AARCH64"}


@pytest.mark.skipif(OF_THIS_MACHINE is None, reason="needs Linux on a processor that Lambda has")
def test_handlers_import_from_their_packages_alone(application: Checkout, tmp_path: Path) -> None:
    """With nothing but the package and boto3, and without compiling a single module of the package."""
    application.build(architecture=OF_THIS_MACHINE, clean=True)
    sdk = _runtime_sdk(tmp_path / "sdk")
    script = Path(__file__).with_name("import_handlers.py")
    for name, function in application.document().items():
        package = tmp_path / name
        with zipfile.ZipFile(application.zip(name)) as archive:
            archive.extractall(package)
        _make_read_only(package)
        module = function["handler"].rpartition(".")[0]
        imported = subprocess.run(
            [sys.executable, "-I", "-S", script, package, sdk, module],
            env=_environment(function),
            capture_output=True,
            text=True,
            check=False,
        )
        assert imported.returncode == 0, f"{name}: {imported.stderr}"
        assert json.loads(imported.stdout) == {"callable": [True], "compiled": [], "elsewhere": []}, name
        _make_writable(package)


def _runtime_sdk(directory: Path) -> Path:
    """boto3 and what it needs, as Lambda's runtime has them."""
    directory.mkdir()
    for installed in Path(sysconfig.get_path("purelib")).iterdir():
        if installed.name.removesuffix(".py") in PROVIDED_BY_LAMBDA:
            (directory / installed.name).symlink_to(installed)
    return directory


def _environment(function: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {
        **function["environment"],
        "AWS_REGION": "eu-west-1",
        "DATABASE_AUTH": "password",
        "DATABASE_HOST": "127.0.0.1",
        "DATABASE_NAME": "app",
        "DATABASE_PASSWORD": "unused",
        "DATABASE_PORT": "3306",
        "DATABASE_USER": "app",
    }


def _make_read_only(directory: Path) -> None:
    for path in [*directory.rglob("*"), directory]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def _make_writable(directory: Path) -> None:
    for path in [directory, *directory.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
