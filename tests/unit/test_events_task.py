"""The command line of `invoke events`, `schema` and `new-function`."""

import json
from pathlib import Path

import pytest

from toolchain.errors import EventError
from toolchain.events.console import print_event, print_names
from toolchain.project import Project

PROJECT = Project(Path(__file__).parents[1] / "projects" / "manifests_good")


def test_functions_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    """A function may be named like a kind of trigger; then it is the one that is meant."""
    print_names(PROJECT)
    assert capsys.readouterr().out.splitlines()[:7] == [
        *("functions:", "  by_name", "  things", "  user_pool", "  worker"),
        *("kinds of trigger:", "  http"),
    ]


def test_the_event_alone_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """So that it can be redirected to a file."""
    print_event(PROJECT, "worker", "sqs")
    assert list(json.loads(capsys.readouterr().out)) == ["Records"]
    print_event(PROJECT, "by_name")
    assert capsys.readouterr().out == "{}\n"


def test_only_functions_have_triggers_to_choose_from() -> None:
    """A kind has one event."""
    with pytest.raises(EventError) as raised:
        print_event(PROJECT, "sqs", "1")
    assert str(raised.value) == "'sqs' is no function; only functions have triggers to choose from"
