"""What invoke makes of a command line, with the tasks as they are."""

import subprocess
import sys

import pytest

from toolchain.project import Project


def _invoke(checkout: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "invoke", *arguments),
        cwd=checkout.root,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "command", ["deploy --help", "new-function -h", "logs health --help", "invoke-remote health -h"]
)
def test_help_of_a_task(command: str, checkout: Project) -> None:
    """Not the value of an argument that is missing."""
    done = _invoke(checkout, *command.split())
    assert done.returncode == 0, done.stderr
    assert f"{command.split(maxsplit=1)[0]} [--options]" in done.stdout.splitlines()[0]


def test_a_number_that_is_none(checkout: Project) -> None:
    done = _invoke(checkout, "up", "--port", "abc")
    assert (done.returncode, done.stderr) == (1, "--port is 'abc'; use a whole number, such as 8000\n")
