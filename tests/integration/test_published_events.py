"""AWS's own sample events are accepted unchanged, by the reference handlers, lib/ and new functions."""

import importlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lib import http
from lib.database import Database
from tests.integration.published_events import published_event
from tests.unit.http_events import Context
from toolchain.project import Project
from toolchain.scaffold import Wanted, new_function

type Handler = Callable[[dict[str, Any], Context], Any]


@pytest.fixture
def new_handler(
    checkout: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[dict[str, str]], Handler]]:
    """The handler that `invoke new-function` makes for a trigger."""
    shutil.copytree(checkout.lib, tmp_path / "lib")
    monkeypatch.syspath_prepend(tmp_path / "functions")

    def make(triggers: dict[str, str]) -> Handler:
        new_function(Project(tmp_path), Wanted("published", triggers), lambda _project, _names: None)
        handler: Handler = importlib.import_module("published.handler").handler
        return handler

    yield make
    for name in [name for name in sys.modules if name.split(".")[0] == "published"]:
        del sys.modules[name]


@pytest.mark.parametrize(("name", "route"), [("http-api-proxy", "$default"), ("aws-proxy", "POST /{proxy+}")])
def test_requests(name: str, route: str) -> None:
    """Formats 2.0 and 1.0; that of REST APIs is 1.0 without a version."""
    seen: list[http.Request] = []
    endpoint = http.endpoint({"HTTP_ROUTE_GROUPS": json.dumps({route: None})})
    answer = endpoint(seen.append)(published_event("apigateway", name), Context())
    assert answer["statusCode"] == 204
    [request] = seen
    assert (request.method, request.route_key, request.content) == ("POST", route, b'{"test":"body"}')
    assert request.verified_claims is None, "its claims have no sub"


def test_an_unknown_route_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference handler takes the event, and answers it by the rules."""
    monkeypatch.setenv("HTTP_ROUTE_GROUPS", '{"GET /health": null}')
    handler = importlib.import_module("functions.health.handler").handler
    assert handler(published_event("apigateway", "http-api-proxy"), Context())["statusCode"] == 403


def test_the_schedule(database: Database) -> None:
    handler = importlib.import_module("functions.purge_deleted_users.handler").handler
    event = published_event("cloudwatch", "scheduled-event")
    assert handler(event, Context(), database=database, environ={"RETENTION_DAYS": "30"}) == {"removed": 0}


@pytest.mark.parametrize(
    ("service", "name", "trigger", "result"),
    [
        ("sqs", "receive-message", {"sqs": "orders"}, {"batchItemFailures": []}),
        ("sqs", "receive-message", {"sqs": "orders.fifo"}, {"batchItemFailures": []}),
        ("sns", "notification", {"sns": "news"}, None),
        ("s3", "put", {"s3": "uploads"}, None),
        ("s3", "delete", {"s3": "uploads"}, None),
        ("dynamodb", "update", {"dynamodb_stream": "things"}, None),
        ("cloudwatch", "scheduled-event", {"schedule": "rate(1 day)"}, None),
        ("cloudwatch", "scheduled-event", {"eventbridge": "shop.orders"}, None),
    ],
)
def test_new_functions(
    new_handler: Callable[[dict[str, str]], Handler],
    service: str,
    name: str,
    trigger: dict[str, str],
    result: object,
) -> None:
    event = published_event(service, name)
    assert new_handler(trigger)(event, Context()) == result
