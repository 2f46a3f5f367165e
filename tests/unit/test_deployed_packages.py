"""Packages that are unzipped once, looked at once, and removed when no function has them."""

import hashlib
import io
import struct
import zipfile
from pathlib import Path

import pytest

from tests.unit.small_files import no_file_larger_than
from toolchain.local.deployed.architecture import find_problem, host_architecture
from toolchain.local.deployed.packages import Packages

_ELSEWHERE = (
    "the package was built for {} ({}), this machine is {}; deploy builds for this machine when the endpoint "
    "is local, as `invoke build --architecture {}` does"
)
_NOT_LINUX = (
    "the package has compiled modules for Linux (a.so), which darwin can't load; run the function from source"
)
_MACHINES = {"x86_64": 62, "arm64": 183, "processor 21": 21}


def compiled(architecture: str) -> bytes:
    """The head of a shared object."""
    order = ">" if architecture == "processor 21" else "<"
    ident = b"\x7fELF\x02" + (b"\x02" if order == ">" else b"\x01") + bytes(10)
    return ident + struct.pack(f"{order}HH", 3, _MACHINES[architecture]) + bytes(40)


def zipped(**files: bytes) -> tuple[bytes, str]:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, data in files.items():
            package.writestr(name.replace("__", "/"), data)
    return content.getvalue(), hashlib.sha256(content.getvalue()).hexdigest()


@pytest.mark.parametrize(
    ("files", "host", "system", "problem"),
    [
        ({"handler.py": b""}, "x86_64", "darwin", None),
        ({"a.so": compiled("x86_64")}, "x86_64", "linux", None),
        ({"a.so": b"INPUT(b)"}, "x86_64", "linux", None),
        ({"lib/a.so.1": compiled("arm64")}, "arm64", "linux", None),
        (
            {"lib/a.so.1": compiled("arm64")},
            "x86_64",
            "linux",
            _ELSEWHERE.format("arm64", "lib/a.so.1", "x86_64", "x86_64"),
        ),
        (
            {"a.so": compiled("processor 21")},
            "arm64",
            "linux",
            _ELSEWHERE.format("processor 21", "a.so", "arm64", "arm64"),
        ),
        (
            {"a.so": compiled("arm64")},
            "arm64",
            "darwin",
            _NOT_LINUX,
        ),
    ],
)
def test_problem(
    tmp_path: Path, *, files: dict[str, bytes], host: str, system: str, problem: str | None
) -> None:
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert find_problem(tmp_path, host, system) == problem


def test_what_was_found_is_remembered(tmp_path: Path) -> None:
    """Also by the next `up`; packages are looked at once."""
    other = "arm64" if host_architecture() == "x86_64" else "x86_64"
    content, digest = zipped(**{"a.so": compiled(other)})
    first = Packages(tmp_path).provide(content, digest)
    assert first.problem
    assert f"was built for {other} (a.so)" in first.problem
    (first.root / "a.so").unlink()
    assert Packages(tmp_path).provide(content, digest) == first


def test_a_note_is_there_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    """Half of one is no reason, and nothing would mean that there is no problem."""
    other = "arm64" if host_architecture() == "x86_64" else "x86_64"
    content, digest = zipped(**{"a.so": compiled(other)})
    with no_file_larger_than(len(compiled(other))), pytest.raises(OSError, match="File too large"):
        Packages(tmp_path).provide(content, digest)
    found = [Packages(where).provide(content, digest).problem for where in (tmp_path, tmp_path / "other")]
    assert found[0] == found[1]


def test_no_zip(tmp_path: Path) -> None:
    package = Packages(tmp_path / "packages").provide(b"not a zip", "0" * 64)
    assert package.problem == "the package is no zip: File is not a zip file"
    assert package.root.is_dir()


def test_packages_that_nobody_has_are_removed(tmp_path: Path) -> None:
    packages = Packages(tmp_path)
    packages.keep_only(())
    kept, gone = zipped(**{"handler.py": b"1"}), zipped(**{"handler.py": b"2"})
    roots = [packages.provide(*each).root for each in (kept, gone)]
    Packages(tmp_path).keep_only({kept[1]})
    assert [root.exists() for root in roots] == [True, False]
    assert {path.name for path in tmp_path.iterdir()} == {kept[1][:16], f"{kept[1][:16]}.problem"}
