"""What uv is told, and what is made of what it says."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from toolchain.errors import MissingToolError
from toolchain.packaging.uv import is_unsatisfiable, reason, run_uv, yanked

NOT_FOUND = """\
warning: A managed Python download is available for Python 3.13, but Python downloads are set to 'manual'
  cause: you asked for it
error: No solution found when resolving dependencies
  cause: Because users was not found in the package registry and you require users==1.0, we can conclude \
that your requirements are unsatisfiable.

hint: Did you mean `user`?
"""
UNREACHABLE = """\
error: Failed to fetch: http://127.0.0.1:9/simple/users/
  cause: error sending request for url (http://127.0.0.1:9/simple/users/)
  cause: Connection refused (os error 111)
"""


def test_uv_uses_the_python_that_is_there() -> None:
    """Left alone, it looks for another one of the same version, and would download it."""
    commands: list[tuple[Sequence[str], Path]] = []

    def run(command: Sequence[str], directory: Path) -> subprocess.CompletedProcess[str]:
        commands.append((command, directory))
        return subprocess.CompletedProcess(command, 0, "", "Resolved 1 package in 1ms\n")

    answer = run_uv(["pip", "compile"], cwd=Path("/checkout"), run=run)

    assert answer == (True, "Resolved 1 package in 1ms")
    [(command, directory)] = commands
    assert command == [
        *(str(Path(sys.executable).with_name("uv")), "pip", "compile"),
        *("--python", sys.executable, "--no-python-downloads"),
    ]
    assert directory == Path("/checkout")


def test_missing_uv() -> None:
    def run(command: Sequence[str], _: Path) -> subprocess.CompletedProcess[str]:
        raise FileNotFoundError(command[0])

    with pytest.raises(MissingToolError) as caught:
        run_uv(["pip"], cwd=Path("/checkout"), run=run)
    assert (
        str(caught.value) == "uv is missing from .venv; remove .venv and run ./inv, which installs it again"
    )


@pytest.mark.parametrize(
    ("stderr", "sentence"),
    [
        pytest.param(
            NOT_FOUND,
            "Because users was not found in the package registry and you require users==1.0, we can conclude "
            "that your requirements are unsatisfiable. hint: Did you mean `user`?",
            id="not found",
        ),
        pytest.param(
            UNREACHABLE,
            "Failed to fetch: http://127.0.0.1:9/simple/users/ "
            "error sending request for url (http://127.0.0.1:9/simple/users/) "
            "Connection refused (os error 111)",
            id="unreachable",
        ),
        pytest.param(
            "thread 'main' panicked at x.rs:1", "thread 'main' panicked at x.rs:1", id="no error line"
        ),
    ],
)
def test_reason_is_one_line_without_warnings(stderr: str, sentence: str) -> None:
    assert reason(stderr) == sentence


def test_requirements_are_told_from_an_index_that_does_not_answer() -> None:
    """Asking again, pin by pin, helps in the first case and takes minutes in the other."""
    assert is_unsatisfiable(NOT_FOUND)
    assert not is_unsatisfiable(UNREACHABLE)


def test_yanked_releases_with_their_reasons() -> None:
    stderr = """\
Resolved 3 packages in 2ms
warning: `users==1.0` is yanked (reason: "it's "bad"")
warning: `mail==2.0` is yanked (reason: "")
warning: `files==3.0` is yanked
"""
    assert yanked(stderr) == [
        """users==1.0 was yanked (it's "bad")""",
        "mail==2.0 was yanked (no reason given)",
        "files==3.0 was yanked (no reason given)",
    ]
