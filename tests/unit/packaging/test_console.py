"""What `invoke build` prints: a line for each package, or JSON; warnings apart."""

import io
import json
import re

import pytest

from tests.packaging.checkouts import Checkout
from toolchain.errors import BuildError
from toolchain.packaging import console
from toolchain.packaging.build import Request
from toolchain.packaging.console import Lines
from toolchain.packaging.progress import Result

MB = 1024 * 1024
BUILT = Result("people", 5 * MB // 2, 10 * MB, "0123456789abcdef", "built", 0.0125)
WARNED = Result("letters", 51 * MB, 99 * MB, "fedcba9876543210", "reused", 0.0, "dist/letters.zip is 51.0 MB")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_for_each_package() -> None:
    output = io.StringIO()
    lines = Lines(output, io.StringIO())
    lines.finished(BUILT)
    lines.finished(Result("x", 1, 1, "f" * 64, "reused", 0.0))
    assert output.getvalue() == (
        "people                       built      2.5 MB zip   10.0 MB unzipped   0.013 s  0123456789ab\n"
        "x                            reused     0.0 MB zip    0.0 MB unzipped   0.000 s  ffffffffffff\n"
    )


def test_warnings_are_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    output = io.StringIO()
    Lines(output, io.StringIO()).finished(WARNED)
    assert output.getvalue().count("\n") == 1
    assert capsys.readouterr() == ("", "warning: dist/letters.zip is 51.0 MB\n")


def test_progress_is_for_terminals_and_wiped_away() -> None:
    output, terminal = io.StringIO(), Terminal()
    lines = Lines(output, terminal)
    lines.step("downloading 3 wheels")
    lines.finished(BUILT)
    assert terminal.getvalue() == "\r\033[2Kdownloading 3 wheels ...\r\033[2K"


def test_elsewhere_there_is_no_progress() -> None:
    status = io.StringIO()
    lines = Lines(io.StringIO(), status)
    lines.step("downloading 3 wheels")
    lines.finished(BUILT)
    assert status.getvalue() == ""


def test_requests() -> None:
    assert console.request(None, None, clean=False) == Request()
    assert console.request("people", "arm64", clean=True) == Request("people", "arm64", clean=True)


@pytest.mark.parametrize("architecture", ["aarch64", "amd64", "ARM64", ""])
def test_an_architecture_that_lambda_does_not_have(architecture: str) -> None:
    with pytest.raises(BuildError) as caught:
        console.request(None, architecture, clean=False)
    assert str(caught.value) == f"--architecture is {architecture}; use arm64 or x86_64"


def test_json(two: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    """One document and nothing else, warnings included."""
    two.zip("people").unlink()
    console.build(two.project, two.cache, Request(), as_json=True)
    output, errors = capsys.readouterr()
    functions = json.loads(output)["functions"]
    assert errors == ""
    assert [(one["name"], one["status"], one["warning"]) for one in functions] == [
        ("letters", "reused", None),
        ("people", "built", None),
    ]
    assert functions[1] == {
        "name": "people",
        "zip_bytes": two.zip("people").stat().st_size,
        "unzipped_bytes": two.document()["people"]["zip"]["unzipped_bytes"],
        "sha256": two.document()["people"]["zip"]["sha256"],
        "status": "built",
        "seconds": functions[1]["seconds"],
        "warning": None,
    }


def test_text(two: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    two.zip("people").unlink()
    console.build(two.project, two.cache, Request(), as_json=False)
    output, errors = capsys.readouterr()
    assert errors == ""
    assert re.sub(r"\d+\.\d{3} s  [0-9a-f]{12}", "TIME HASH", output) == (
        "letters                      reused     0.0 MB zip    0.0 MB unzipped   TIME HASH\n"
        "people                       built      0.0 MB zip    0.0 MB unzipped   TIME HASH\n"
    )
