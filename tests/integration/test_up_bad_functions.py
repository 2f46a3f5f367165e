"""Functions and requests that are wrong, at a running `up`: a clear error each, and nothing else suffers."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.integration.running_up import Cloud, call, copy_application, until
from tests.integration.workers.world import is_alive, processes_below

_MANIFEST = """\
description: Does what it should not
triggers:
  - http: {method: GET, path: "/bad/{what}", auth: none}
timeout_seconds: 1
"""

_LOUD_MANIFEST = """\
description: Prints more than anybody reads
triggers:
  - http: {method: GET, path: /loud, auth: none}
timeout_seconds: 30
"""

_HANDLER = """\
import os
import time


def handler(event, context):
    match event["pathParameters"]["what"]:
        case "hang":
            time.sleep(60)
        case "exit":
            os._exit(3)
        case "raise":
            raise ValueError("a secret of ours")
        case "object":
            return {"statusCode": 200, "body": {1, 2}}
        case "status":
            return {"statusCode": "many", "body": ""}
        case "large":
            return {"statusCode": 200, "body": "x" * 7_000_000}
    return {"statusCode": 200, "body": "good"}
"""


_LOUD_HANDLER = """\
def handler(event, context):
    for _ in range(100):
        print("y" * 1_000_000)
    return {"statusCode": 200, "body": "good"}
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    root = tmp_path_factory.mktemp("bad") / "project"
    copy_application(root)
    _write(root, "bad", _MANIFEST, _HANDLER)
    _write(root, "loud", _LOUD_MANIFEST, _LOUD_HANDLER)
    with Cloud(root) as cloud:
        cloud.start()
        yield cloud


def _write(root: Path, name: str, manifest: str, handler: str) -> None:
    folder = root / "functions" / name
    folder.mkdir()
    (folder / "function.yaml").write_text(manifest)
    (folder / "handler.py").write_text(handler)
    (root / "events" / f"{name}.json").write_text((root / "events" / "health.json").read_text())


@pytest.fixture(autouse=True)
def _nothing_else_suffers(cloud: Cloud) -> Iterator[None]:
    """After each of these, the same function and another answer as ever."""
    yield
    assert call(cloud.record, "GET", "/bad/nothing").text == "good"
    assert call(cloud.record, "GET", "/health").json() == {"status": "ok", "database": "ok"}


def log_of(cloud: Cloud) -> str:
    return (cloud.project.local / "logs" / "bad.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("what", "logged"),
    [
        ("hang", "Task timed out after 1.00 seconds"),
        ("exit", "Error: Runtime exited with error: exit status 3"),
        ("raise", "ValueError: a secret of ours"),
        ("object", "Runtime.MarshalError"),
        ("large", "Failed to post handler success response. Http response code: 413."),
    ],
)
def test_a_function_that_fails(cloud: Cloud, what: str, logged: str) -> None:
    """The client learns that it failed, the log how."""
    answer = call(cloud.record, "GET", f"/bad/{what}")
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    until(lambda: True if logged in log_of(cloud) else None, seconds=10)
    assert "bad failed: " in cloud.printed()


def test_an_answer_without_a_status(cloud: Cloud) -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html."""
    answer = call(cloud.record, "GET", "/bad/status")
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})


def test_a_function_that_prints_100_mb(cloud: Cloud) -> None:
    """Its answer counts; on disk are the end of it and the file before, in memory less."""
    before = _memory_mb(cloud.pid)
    assert call(cloud.record, "GET", "/loud").text == "good"
    logs = cloud.project.local / "logs"
    assert sum(path.stat().st_size for path in logs.glob("loud.log*")) < 64_000_000
    assert _memory_mb(cloud.pid) - before < 100


def test_source_with_a_syntax_error(cloud: Cloud) -> None:
    """The traceback is in the log; the next save mends it."""
    handler = cloud.project.functions / "bad" / "handler.py"
    handler.write_text("def handler(event, context:\n    pass\n")
    answer = call(cloud.record, "GET", "/bad/nothing")
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})

    syntax_error = (
        "Runtime.UserCodeSyntaxError: Syntax error in module 'functions.bad.handler': '(' was never"
    )
    until(lambda: True if syntax_error in log_of(cloud) else None, seconds=10)
    assert "def handler(event, context:\n" in log_of(cloud)
    handler.write_text(_HANDLER)
    assert call(cloud.record, "GET", "/bad/nothing").text == "good"


def test_requests_during_edits(cloud: Cloud) -> None:
    """Each is answered by one version of the source or the other, whole; the last edit counts at the end."""
    handler = cloud.project.functions / "bad" / "handler.py"
    answers: list[str] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            answer = call(cloud.record, "GET", "/bad/nothing")
            answers.append(f"{answer.status_code} {answer.text}")

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    texts = [f"good{number}" for number in range(30)]
    for text in texts:
        _replace(handler, _HANDLER.replace('"good"', f'"{text}"'))
        assert call(cloud.record, "GET", "/bad/nothing").text == text
    is_over.set()
    for asker in askers:
        asker.join()
    _replace(handler, _HANDLER)
    assert set(answers) <= {f"200 {text}" for text in [*texts, "good"]}


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /two words HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET /health HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
@pytest.mark.parametrize("server", ["api_url", "endpoint_url"])
def test_what_is_not_http(cloud: Cloud, server: str, sent: bytes) -> None:
    """A 400, and the end of the connection."""
    address = urlsplit(getattr(cloud.record, server))
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(sent)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_processes_of_failures_are_gone(cloud: Cloud) -> None:
    """One instance for each function that was used, the one that forks them, MariaDB, and no zombies."""

    def settled() -> bool | None:
        alive = [pid for pid in processes_below(cloud.pid) if is_alive(pid)]
        return True if alive and len(alive) == len(processes_below(cloud.pid)) else None

    until(settled, seconds=10)


def _memory_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def _replace(path: Path, text: str) -> None:
    """As editors save: in one step."""
    unfinished = path.with_name(f".{path.name}.swp")
    unfinished.write_text(text)
    unfinished.replace(path)
