"""The HTTP API with functions that run in processes of their own."""

import asyncio
import json
import os
import queue
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest
import uvloop

from tests.unit.http_api_fakes import API, CLIENT_ID, ISSUER_URL, FakeClock, FakeIssuer
from toolchain.local.http_api import HttpApi, Issuer, Routes, Settings, serving
from toolchain.local.run.environment import ACCOUNT_ID, REGION, Variables
from toolchain.local.workers.functions import local_functions
from toolchain.local.workers.machine import this_machine
from toolchain.local.workers.registry import Registry
from toolchain.local.workers.source import Listeners, SourceFunctions, Surroundings
from toolchain.manifest import Function, declaration
from toolchain.project import Project

_MANIFEST = """\
description: Does what the path says
triggers:
  - http: {method: ANY, path: "/public/{proxy+}", auth: none}
  - http: {method: ANY, path: "/private/{proxy+}", auth: jwt}
timeout_seconds: 1
"""
_HANDLER = """\
import os, time

def handler(event, context):
    match event["pathParameters"]["proxy"]:
        case "event":
            return event
        case "raise":
            raise ValueError("secret")
        case "exit":
            os._exit(1)
        case "sleep":
            time.sleep(30)
        case "large":
            return {"statusCode": 200, "body": "a" * 7_000_000}
        case "6mb":
            return {"statusCode": 200, "body": "a" * 6_000_000}
        case "object":
            return object()
    return {"statusCode": 202, "headers": {"x-version": "1"}, "body": "done"}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("project")
    for path, text in {
        "functions/worker/function.yaml": _MANIFEST,
        "functions/worker/handler.py": _HANDLER,
        "events/worker.json": "{}",
        "lib/__init__.py": "",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Project(root)


async def _serve(
    project: Project, issuer: FakeIssuer, tell: Callable[[int], None], stop: asyncio.Event
) -> None:
    """Workers and the HTTP API, put together as `up` does it; tells the port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    pool = Issuer(ISSUER_URL, frozenset({CLIENT_ID}))
    async with AsyncExitStack() as stack:
        machine = this_machine(project.local / "logs")
        registry = Registry(REGION, ACCOUNT_ID)

        def changed(functions: Mapping[str, Function]) -> None:
            api.deploy(Routes.declared(map(declaration, functions.values()), pool))

        surroundings = Surroundings(lambda _: Variables(os.environ), lambda _: None)
        listeners = Listeners(changed, lambda _: None)
        source = SourceFunctions(project, registry, machine.watch, surroundings, listeners)
        declared = await source.load()
        functions = await stack.enter_async_context(local_functions(registry, machine, source.reload))

        def refresh(name: str | None) -> Awaitable[object] | None:
            return source.refresh() if name is None else functions.refresh(name)

        api = HttpApi(functions, Settings(API, issuer, clock=FakeClock(), refresh=refresh))
        changed(declared)
        await stack.enter_async_context(serving(api, listener))
        tell(listener.getsockname()[1])
        await stop.wait()


@pytest.fixture(scope="module")
def issuer() -> FakeIssuer:
    return FakeIssuer()


@pytest.fixture(scope="module")
def port(project: Project, issuer: FakeIssuer) -> Iterator[int]:
    ports: queue.Queue[int] = queue.Queue()
    loop, stop = uvloop.new_event_loop(), asyncio.Event()
    serve = _serve(project, issuer, ports.put, stop)
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve))
    thread.start()
    try:
        yield ports.get(timeout=60)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()


def _get(port: int, path: str, **headers: str) -> tuple[int, bytes]:
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(Request(f"http://127.0.0.1:{port}{path}", headers=headers), timeout=60) as response:
            return response.status, response.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.mark.parametrize(
    ("path", "status", "content"),
    [
        ("/public/x", 202, b"done"),
        ("/public/raise", 500, b'{"message":"Internal Server Error"}'),
        ("/public/exit", 500, b'{"message":"Internal Server Error"}'),
        ("/public/sleep", 500, b'{"message":"Internal Server Error"}'),
        ("/public/large", 500, b'{"message":"Internal Server Error"}'),
        ("/public/object", 500, b'{"message":"Internal Server Error"}'),
        ("/public/6mb", 200, b"a" * 6_000_000),
        ("/private/x", 401, b'{"message":"Unauthorized"}'),
        ("/nowhere", 404, b'{"message":"Not Found"}'),
    ],
)
def test_what_functions_do_is_what_clients_see(port: int, path: str, status: int, content: bytes) -> None:
    assert _get(port, path) == (status, content)


def test_the_event_arrives_as_it_was_made(port: int, issuer: FakeIssuer) -> None:
    status, content = _get(port, "/private/event?a=%C3%BC", Authorization=f"Bearer {issuer.token()}")
    event = json.loads(content)
    assert (status, event["routeKey"], event["queryStringParameters"]) == (
        200,
        "ANY /private/{proxy+}",
        {"a": "ü"},
    )
    assert event["requestContext"]["authorizer"]["jwt"]["claims"]["client_id"] == CLIENT_ID


def test_every_caller_gets_its_own_answer(port: int) -> None:
    """More callers than processors, for more than one request each."""

    def ask(number: int) -> str:
        return str(json.loads(_get(port, f"/public/event?n={number}")[1])["rawQueryString"])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(200))) == [f"n={number}" for number in range(200)]


def test_an_edit_counts_at_the_next_request(port: int, project: Project) -> None:
    """The handler's, and the routes of its manifest."""
    handler = project.functions / "worker" / "handler.py"
    manifest = project.functions / "worker" / "function.yaml"
    _edit(handler, '"done"', '"edited"')
    assert _get(port, "/public/x") == (202, b"edited")
    _edit(manifest, "/public/{proxy+}", "/open/{proxy+}")
    assert _get(port, "/open/x") == (202, b"edited")
    _edit(manifest, "auth: none", "auth: jwt")
    assert _get(port, "/open/x")[0] == 401
    _edit(manifest, "auth: jwt", "auth: none")
    assert _get(port, "/open/x") == (202, b"edited")
    assert _get(port, "/public/x")[0] == 404


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
