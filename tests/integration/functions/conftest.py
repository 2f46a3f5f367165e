"""Functions on their sample events, with the fixture `database`: all tables of the migrations, no rows."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lib.context import LambdaContext
from tests.integration.functions.calls import Call, Event, Sample
from tests.unit.functions.conftest import invoke, surround
from tests.unit.http_events import Context
from toolchain.local.mariadb import DatabaseServer
from toolchain.manifest import read_functions
from toolchain.project import Project

__all__ = ["invoke"]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, checkout: Project, mariadb: DatabaseServer) -> Iterator[Call]:
    """`call("get_me")`: the handler's answer to events/get_me.json, or to a case, or to an event."""
    functions = read_functions(checkout)
    modules: list[Any] = []
    for variable, value in mariadb.environment().items():
        monkeypatch.setenv(variable, value)

    def call_function(
        name: str,
        case: str = "",
        event: Event | None = None,
        context: LambdaContext = Context(),  # noqa: B008  it is frozen
        **arguments: object,
    ) -> Event:
        surround(functions[name], checkout, monkeypatch)
        module = importlib.import_module(f"functions.{name}.handler")
        modules.append(module)
        path = Path(name, f"{case}.json") if case else Path(f"{name}.json")
        given = json.loads((checkout.events / path).read_text()) if event is None else event
        answer: Event = json.loads(json.dumps(module.handler(given, context, **arguments)))
        return answer

    yield call_function
    for module in modules:
        if hasattr(module, "DATABASE"):
            module.DATABASE.close()


@pytest.fixture
def sample(checkout: Project) -> Sample:
    """`sample("get_me")`: the sample event, to be changed."""

    def read(name: str) -> Event:
        event: Event = json.loads((checkout.events / f"{name}.json").read_text())
        return event

    return read
