"""Asks uv which wheels the pinned releases have: names, hashes and addresses, as pylock.toml (PEP 751)."""

import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from toolchain.errors import BuildError
from toolchain.packaging.releases import Release
from toolchain.packaging.requirements import Pin, canonical_name
from toolchain.packaging.target import PYTHON_VERSION, Target
from toolchain.packaging.uv import is_unsatisfiable, reason, run_uv, yanked


def find_releases(pins: Sequence[Pin], target: Target, root: Path, file: str) -> dict[str, Release]:
    """The releases by name. Raises BuildError for pins that are not found, yanked or without a wheel."""
    releases, stderr = _ask(pins, target, root)
    if releases is None and not is_unsatisfiable(stderr):
        raise BuildError(f"{file}: the package index can't be asked for wheels: {reason(stderr)}")
    if releases is None:
        # uv stops at the first pin it can't place; one question each names them all.
        answers = [_ask([pin], target, root) for pin in pins]
        failures = [reason(said) for found, said in answers if found is None] or [reason(stderr)]
        raise BuildError(f"{file}: no wheel for {target.architecture}: {failure}" for failure in failures)
    if withdrawn := yanked(stderr):
        raise BuildError(f"{file}: {release}; run `invoke lock --upgrade`" for release in withdrawn)
    return releases


def _ask(pins: Sequence[Pin], target: Target, root: Path) -> tuple[dict[str, Release] | None, str]:
    with tempfile.TemporaryDirectory(prefix="resolve-") as directory:
        wanted, output = Path(directory) / "requirements.txt", Path(directory) / "pylock.toml"
        wanted.write_text("".join(f"{pin.requirement}\n" for pin in pins))
        found, stderr = run_uv(_command(wanted, output, target), cwd=root)
        if not found:
            return None, stderr
        packages = tomllib.loads(output.read_text(encoding="utf-8"))["packages"]
    return {canonical_name(package["name"]): _release(package) for package in packages}, stderr


def _command(wanted: Path, output: Path, target: Target) -> list[str]:
    return [
        *("pip", "compile", str(wanted), "--no-deps", "--only-binary", ":all:", "--format", "pylock.toml"),
        *("--python-version", ".".join(map(str, PYTHON_VERSION))),
        *("--python-platform", target.python_platform, "--output-file", str(output)),
    ]


def _release(package: dict[str, Any]) -> Release:
    wheels = {_filename(wheel): wheel for wheel in package.get("wheels", [])}
    return Release(
        hashes={name: wheel["hashes"]["sha256"] for name, wheel in wheels.items()},
        urls={name: wheel.get("url") or Path(wheel["path"]).as_uri() for name, wheel in wheels.items()},
    )


def _filename(wheel: dict[str, Any]) -> str:
    """PEP 751 gives a name only where the address does not end in it."""
    address = wheel.get("url") or wheel["path"]
    return wheel.get("name") or PurePosixPath(unquote(urlsplit(address).path)).name
