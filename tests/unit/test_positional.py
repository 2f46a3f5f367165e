"""Arguments of tasks that may be left out."""

import pytest

from toolchain.tasks.positional import before_help, is_given


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("invoke test", False),
        ("invoke test unit", True),
        ("invoke test -k unit", False),
        ("invoke test -k users e2e", True),
        ("invoke test --k=users", False),
        ("invoke --search-root test-project build", False),
        ("invoke build --function test", False),
        ("invoke", False),
    ],
)
def test_whether_the_argument_is_there(command: str, *, given: bool) -> None:
    """Options and their values are no arguments, and other tasks' words are not this task's."""
    assert is_given("test", command.split(), {"-k", "--k"}) is given


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("invoke logs", None),
        ("invoke logs health", None),
        ("invoke logs --help", 0),
        ("invoke logs -h", 0),
        ("invoke logs health --help", 1),
        ("invoke logs --stage dev --help health", 0),
        ("invoke --help logs", None),
        ("invoke status --help", None),
    ],
)
def test_words_before_help(command: str, count: int | None) -> None:
    """What comes after it is not looked at; `invoke --help TASK` is invoke's own."""
    assert before_help("logs", command.split(), {"--stage"}) == count
