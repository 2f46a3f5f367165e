"""Functions on their sample events."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from lib.logging import logger
from tests.unit.http_events import Context
from toolchain.local.run.environment import Variables, function_environment
from toolchain.manifest import Function, read_function
from toolchain.project import Project


@pytest.fixture
def invoke(checkout: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Calls a handler on events/<name>.json, in the environment in which `run-local` does.

    What else the handler takes may be given: `invoke("get_me", handler, database=database)`.
    """

    def call(name: str, handler: Callable[..., Any], **given: Any) -> Any:  # noqa: ANN401 - JSON
        surround(read_function(checkout, name), checkout, monkeypatch)
        event = json.loads((checkout.events / f"{name}.json").read_text(encoding="utf-8"))
        return handler(event, Context(function_name=name), **given)

    return call


def surround(function: Function, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this process the environment of the function; of the database it has what it had."""
    variables = function_environment(function, Variables(shell={}), task_root=project.root, log_stream="test")
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    # Powertools has read it when lib.logging was imported, for the one function that a process has on Lambda.
    monkeypatch.setitem(logger._default_log_keys, "service", function.name)  # noqa: SLF001
