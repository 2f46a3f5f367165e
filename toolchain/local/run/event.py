"""The event to run a function on: its sample, a case of it, a file, or standard input."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from toolchain.errors import EventError
from toolchain.local.payloads import EVENT_LIMIT_BYTES
from toolchain.project import Project


def read_event(
    project: Project, name: str, choice: str | None, *, read_stdin: Callable[[], bytes], directory: Path
) -> dict[str, Any]:
    """The event that `--event` chooses: None (the sample), `-`, a case, or a path relative to `directory`.

    Raises EventError.
    """
    if choice == "-":
        return parse_event(read_stdin(), "standard input")
    path = _find(project, name, choice, directory)
    shown = project.relative(path) if path.is_relative_to(project.root) else str(path)
    try:
        return parse_event(path.read_bytes(), shown)
    except OSError as error:
        raise EventError(f"{shown}: {error.strerror}") from error


def parse_event(content: bytes, source: str) -> dict[str, Any]:
    """The event in a JSON text; `source` is its name in messages. Raises EventError."""
    if len(content) > EVENT_LIMIT_BYTES:
        raise EventError(f"{source}: is {len(content):,} bytes; Lambda takes at most {EVENT_LIMIT_BYTES:,}")
    try:
        event = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise EventError(f"{source}: byte {error.start} is not UTF-8") from error
    except json.JSONDecodeError as error:
        position = f"line {error.lineno}, column {error.colno}"
        raise EventError(f"{source}: is not JSON: {position}: {error.msg}") from error
    if not isinstance(event, dict):
        raise EventError(f"{source}: is {_json_type(event)}; an event is an object: {{...}}")
    return event


def _find(project: Project, name: str, choice: str | None, directory: Path) -> Path:
    cases = {path.stem: path for path in sorted((project.events / name).glob("*.json"))}
    sample = project.events / f"{name}.json"
    if choice is None and not sample.is_file() and len(cases) == 1:
        return next(iter(cases.values()))
    chosen = sample if choice is None else cases.get(choice, directory / choice)
    if not chosen.is_file():
        raise EventError(_missing(project, name, choice, list(cases)))
    return chosen


def _missing(project: Project, name: str, choice: str | None, cases: list[str]) -> str:
    known = f"its cases are {', '.join(cases)}" if cases else f"`invoke events {name}` prints a sample"
    if choice is not None:
        return f"--event {choice}: neither a file nor a case of {name}; {known}"
    if cases:
        return f"{name} has no events/{name}.json; choose a case with --event: {', '.join(cases)}"
    return f"{project.relative(project.events)}/{name}.json: missing; {known}"


def _json_type(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case _:
            return "an array"
