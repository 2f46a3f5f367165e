"""The event of a local run: where it comes from, and what is said about one that will not do."""

from pathlib import Path

import pytest

from toolchain.errors import EventError
from toolchain.local.payloads import EVENT_LIMIT_BYTES
from toolchain.local.run.event import parse_event, read_event
from toolchain.project import Project


@pytest.mark.parametrize(
    ("content", "event"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"{}", {}),
        ('{"name": "Zoë"}'.encode(), {"name": "Zoë"}),
        (b'\xef\xbb\xbf{"from": "an editor that marks UTF-8"}', {"from": "an editor that marks UTF-8"}),
    ],
)
def test_event_is_an_object(content: bytes, event: dict[str, object]) -> None:
    assert parse_event(content, "events/x.json") == event


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b'{\n  "a": 1,\n  "b" 2\n}',
            "events/x.json: is not JSON: line 3, column 7: Expecting ':' delimiter",
        ),
        (b"", "events/x.json: is not JSON: line 1, column 1: Expecting value"),
        (b'{"a": 1} {}', "events/x.json: is not JSON: line 1, column 10: Extra data"),
        (b"[1, 2]", "events/x.json: is an array; an event is an object: {...}"),
        (b'"text"', "events/x.json: is a string; an event is an object: {...}"),
        (b"1.5", "events/x.json: is a number; an event is an object: {...}"),
        (b"true", "events/x.json: is a boolean; an event is an object: {...}"),
        (b"null", "events/x.json: is null; an event is an object: {...}"),
        (b'{"a": "\xff"}', "events/x.json: byte 7 is not UTF-8"),
        (
            b" " * (EVENT_LIMIT_BYTES + 1),
            "events/x.json: is 6,291,457 bytes; Lambda takes at most 6,291,456",
        ),
    ],
)
def test_event_that_will_not_do(content: bytes, message: str) -> None:
    with pytest.raises(EventError) as error:
        parse_event(content, "events/x.json")
    assert str(error.value) == message


@pytest.fixture
def project(tmp_path: Path) -> Project:
    events = {
        "create_user.json": '{"from": "sample"}',
        "create_user/forgot.json": '{"from": "case"}',
        "only_case/first.json": '{"from": "the only case"}',
        "cases/first.json": '{"from": "first"}',
        "cases/second.json": '{"from": "second"}',
    }
    for name, content in events.items():
        path = tmp_path / "events" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return Project(tmp_path)


def _read(project: Project, name: str, choice: str | None, directory: Path | None = None) -> object:
    return read_event(
        project,
        name,
        choice,
        read_stdin=lambda: b'{"from": "stdin"}',
        directory=directory or project.root,
    )


@pytest.mark.parametrize(
    ("name", "choice", "source"),
    [
        ("create_user", None, "sample"),
        ("create_user", "forgot", "case"),
        ("create_user", "events/cases/first.json", "first"),
        ("create_user", "-", "stdin"),
        ("only_case", None, "the only case"),
        ("cases", "second", "second"),
    ],
)
def test_event_is_chosen(project: Project, name: str, choice: str | None, source: str) -> None:
    assert _read(project, name, choice) == {"from": source}


def test_path_is_relative_to_the_users_directory(project: Project) -> None:
    assert _read(project, "create_user", "second.json", project.events / "cases") == {"from": "second"}


@pytest.mark.parametrize(
    ("name", "choice", "message"),
    [
        ("health", None, "events/health.json: missing; `invoke events health` prints a sample"),
        ("cases", None, "cases has no events/cases.json; choose a case with --event: first, second"),
        (
            "create_user",
            "forgotten",
            "--event forgotten: neither a file nor a case of create_user; its cases are forgot",
        ),
        (
            "health",
            "no.json",
            "--event no.json: neither a file nor a case of health; `invoke events health` prints a sample",
        ),
    ],
)
def test_event_is_missing(project: Project, name: str, choice: str | None, message: str) -> None:
    with pytest.raises(EventError) as error:
        _read(project, name, choice)
    assert str(error.value) == message


def test_file_outside_the_checkout_is_named_in_full(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("elsewhere") / "event.json"
    path.write_text("[]")
    with pytest.raises(EventError) as error:
        _read(project, "health", str(path))
    assert str(error.value) == f"{path}: is an array; an event is an object: {{...}}"
