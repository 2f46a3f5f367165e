"""Functions from zips."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.unit.workers_fakes import ARN
from toolchain.errors import BuildError
from toolchain.local.workers.package import Package, Settings, packaged_code, unzip


def _zip(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, text in files.items():
            package.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def test_environment_of_a_version(tmp_path: Path) -> None:
    """The shell is not passed on; what makes AWS's services be here wins over what was deployed."""
    settings = Settings(
        name="users",
        arn=f"{ARN}users",
        handler="functions.users.handler.handler",
        memory_mb=512,
        timeout_seconds=5,
        variables={"TABLE": "users", "AWS_ENDPOINT_URL": "https://example.com"},
        version="7",
        dead_letter_arn="arn:aws:sqs:eu-west-1:123456789012:lost",
    )
    code = packaged_code(
        settings,
        Package(tmp_path),
        {"PATH": "/bin", "SECRET": "of the shell"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
    )
    environment = dict(code.environment)
    assert {
        name: environment.get(name)
        for name in ("PATH", "SECRET", "TABLE", "AWS_ENDPOINT_URL", "AWS_LAMBDA_FUNCTION_VERSION", "_HANDLER")
    } == {
        "PATH": "/bin",
        "SECRET": None,
        "TABLE": "users",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_LAMBDA_FUNCTION_VERSION": "7",
        "_HANDLER": "functions.users.handler.handler",
    }
    assert environment["LAMBDA_TASK_ROOT"] == str(tmp_path)
    assert (code.version, code.memory_mb, code.timeout_seconds) == ("7", 512, 5)
    assert (code.dead_letter_arn, code.problem) == (settings.dead_letter_arn, None)
    assert (code.visible, code.watched) == (None, ()), "all of the package, which never changes"


def test_same_package_is_unzipped_once(tmp_path: Path) -> None:
    first = unzip(_zip(**{"lib__a.py": "one"}), tmp_path)
    (first / "touched").touch()
    assert unzip(_zip(**{"lib__a.py": "one"}), tmp_path) == first
    assert (first / "touched").exists()
    other = unzip(_zip(**{"lib__a.py": "two"}), tmp_path)
    assert (other / "lib" / "a.py").read_text() == "two"
    assert sorted(tmp_path.iterdir()) == sorted([first, other])


def test_no_zip(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as error:
        unzip(b"not a zip", tmp_path)
    assert str(error.value) == "the package is no zip: File is not a zip file"
    assert list(tmp_path.iterdir()) == []


def _with(value: int, *, header: bytes, offset: int) -> bytes:
    """A zip with another byte at an offset from one of its headers."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.py", "a" * 1000)
    changed = bytearray(content.getvalue())
    changed[changed.index(header) + offset] = value
    return bytes(changed)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_with(255, header=b"a.py", offset=4), "Error -3 while decompressing data: invalid block type"),
        (_with(1, header=b"PK\1\2", offset=8), "is encrypted, password required for extraction"),
        (_with(99, header=b"PK\1\2", offset=10), "That compression method is not supported"),
    ],
    ids=["damaged", "encrypted", "compressed in another way"],
)
def test_zip_that_can_not_be_unzipped(tmp_path: Path, content: bytes, reason: str) -> None:
    """It is its function that has a problem then, and nobody else."""
    with pytest.raises(BuildError, match="the package can't be unzipped") as error:
        unzip(content, tmp_path)
    assert str(error.value).endswith(reason)
    assert list(tmp_path.iterdir()) == []


def test_entries_stay_below_the_directory(tmp_path: Path) -> None:
    unzip(_zip(**{"..__..__escaped.py": ""}), tmp_path / "packages")
    assert not (tmp_path / "escaped.py").exists()
