"""Functions on their sample events."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.http_events import Context
from toolchain.manifest import read_function
from toolchain.project import Project


@pytest.fixture
def invoke(checkout: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Calls a handler on events/<name>.json, in the environment that its function.yaml gives it.

    What else the handler takes may be given: `invoke("get_me", handler, database=database)`.
    """

    def call(name: str, handler: Callable[..., Any], **given: Any) -> Any:  # noqa: ANN401 - JSON
        for variable, value in read_function(checkout, name).variables.items():
            monkeypatch.setenv(variable, value)
        event = json.loads((checkout.events / f"{name}.json").read_text(encoding="utf-8"))
        return handler(event, Context(function_name=name), **given)

    return call
