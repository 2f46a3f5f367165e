"""What is told while Terraform works."""

import io

from toolchain.deploy.progress import Progress
from toolchain.deploy.stream import parse_event


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A time that tests set."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def event(kind: str, action: str = "create", **hook: object) -> dict[str, object]:
    return {"type": kind, "hook": {"resource": {"addr": "aws_vpc.this"}, "action": action, **hook}}


def test_line_for_each_thing_that_is_done() -> None:
    output = io.StringIO()
    progress = Progress(output)
    for one in (event("apply_start"), event("apply_complete", elapsed_seconds=12)):
        progress.hear(one)
    for one in (event("apply_start", "delete"), event("apply_errored", "delete", elapsed_seconds=3)):
        progress.hear(one)
    assert output.getvalue() == "  created  aws_vpc.this  12 s\n  not deleted  aws_vpc.this  3 s\n"


def test_reading_what_is_there_is_not_told() -> None:
    output = io.StringIO()
    for one in (event("refresh_start"), event("refresh_complete")):
        Progress(output).hear(one)
    assert output.getvalue() == ""


def test_long_wait_is_told_once_in_a_while() -> None:
    """Else it would look like a hang in a log."""
    output, clock = io.StringIO(), Clock()
    progress = Progress(output, clock)
    progress.hear(event("apply_start"))
    for clock.seconds in (10, 25, 30, 50):
        progress.hear(event("apply_progress"))
    assert output.getvalue() == (
        "  1 at once, the longest aws_vpc.this (25 s)\n  1 at once, the longest aws_vpc.this (50 s)\n"
    )


def test_terminal_shows_what_goes_on_and_wipes_it() -> None:
    output = Terminal()
    progress = Progress(output, Clock())
    progress.step("planning")
    progress.hear(event("apply_start"))
    progress.hear(event("apply_complete"))
    assert output.getvalue().split("\r\033[2K") == [
        "",
        "planning ...",
        "  1 at once, the longest aws_vpc.this (0 s)",
        "  created  aws_vpc.this  0 s\n",
    ]


def test_warnings_but_for_expected_ones() -> None:
    output = io.StringIO()
    progress = Progress(output)
    for summary in ("Resource targeting is in effect", "Check block assertion failed"):
        detail = "Reserve less.\n\nMore."
        progress.hear(
            {
                "type": "diagnostic",
                "diagnostic": {"severity": "warning", "summary": summary, "detail": detail},
            }
        )
    assert output.getvalue() == "warning: Check block assertion failed: Reserve less.\n"


def test_what_is_no_event_is_text() -> None:
    """A crash, or a warning before the JSON begins; without its colours."""
    assert parse_event(b"\x1b[31mpanic: \xff\x1b[0m\n") == {"type": "text", "@message": "panic: \ufffd"}
    assert parse_event(b"[1]") == {"type": "text", "@message": "[1]"}
