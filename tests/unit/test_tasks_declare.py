"""Tasks, as the command line calls them."""

import pytest
from invoke.collection import Collection
from invoke.context import Context
from invoke.program import Program

from toolchain.tasks.declare import task


def _tasks() -> Collection:
    """Anew for each command line: invoke uses the help up."""

    @task(help={"number": "of something"})
    def count(_: Context, number: int = 5, *, name: str = "x", quietly: bool = False) -> None:
        """Count."""
        print(f"{number!r} {name} {quietly}")  # noqa: T201 - what it is looked at by

    return Collection(count)


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    Program(namespace=_tasks()).run(["inv", *arguments], exit=False)
    output, errors = capsys.readouterr()
    return output, errors


@pytest.mark.parametrize("text", ["abc", "", "1.5", "٣x"])
def test_what_is_no_number_is_told(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the traceback of the library that reads the command line."""
    assert _run(capsys, "count", "--number", text) == ("", f"--number is {text!r}; use a whole number\n")


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        ([], "5 x False\n"),
        (["--number", "7"], "7 x False\n"),
        (["-n", "-7", "--quietly"], "-7 x True\n"),
        (["--name=7"], "5 7 False\n"),
    ],
)
def test_options(arguments: list[str], output: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(capsys, "count", *arguments) == (output, "")


def test_help_says_that_it_is_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    help_text, _ = _run(capsys, "--help", "count")
    assert "-n INT, --number=INT" in help_text
    assert "of something" in help_text
