"""The local cloud as a whole: a process, its clients, and what is left of it."""

import functools
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.integration.running_up import (
    REPOSITORY,
    Cloud,
    call,
    client,
    copy_application,
    sign_in,
    sign_up,
    until,
)
from tests.integration.workers.world import is_alive, processes_below
from toolchain.local.up import daemon, logs
from toolchain.local.up.record import owner, read_record

# pycognito asks for the time in a way that Python is giving up.
pytestmark = pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    root = tmp_path_factory.mktemp("up") / "project"
    copy_application(root)
    with Cloud(root) as cloud:
        yield cloud


def test_sign_up_sign_in_and_call_the_api(cloud: Cloud) -> None:
    """The trigger made the row; without a token nobody gets in, without the group not everywhere."""
    record = cloud.start()
    code = sign_up(record, "ada@example.com")
    assert f"SignUp, to ada@example.com: {code}" in cloud.printed().splitlines()
    token = sign_in(record, "ada@example.com")
    assert call(record, "GET", "/me", token).json()["email"] == "ada@example.com"
    assert call(record, "PATCH", "/me", token, json={"name": "Countess"}).json()["name"] == "Countess"
    assert call(record, "GET", "/me").json() == {"message": "Unauthorized"}
    assert call(record, "GET", "/users", token).status_code == 403
    assert call(record, "GET", "/health").json() == {"status": "ok", "database": "ok"}
    assert call(record, "GET", "/nowhere").json() == {"message": "Not Found"}


def test_each_request_is_a_line_of_the_access_log(cloud: Cloud) -> None:
    """Also one that no route takes."""

    def lines() -> list[str] | None:
        output = io.StringIO()
        logs.show(cloud.project, logs.Choice(access=True), output, follow=False)
        found = output.getvalue().splitlines()
        return found if '"/no/such/page"' in found[-1] else None

    call(cloud.record, "GET", "/health")
    call(cloud.record, "GET", "/no/such/page")
    last = [json.loads(line) for line in until(lines)[-2:]]
    assert [(line["path"], line["routeKey"], line["status"]) for line in last] == [
        ("/health", "GET /health", 200),
        ("/no/such/page", None, 404),
    ]


def test_an_administrator_lists_users(cloud: Cloud) -> None:
    """Groups are in the tokens that are issued after."""
    record = cloud.record
    pool = {"UserPoolId": record.user_pool_id, "Username": "ada@example.com"}
    client(record, "cognito-idp").admin_add_user_to_group(**pool, GroupName="admins")
    users = call(record, "GET", "/users", sign_in(record, "ada@example.com")).json()
    assert [user["name"] for user in users["items"]] == ["Countess"]


def test_an_edit_counts_at_the_next_request(cloud: Cloud) -> None:
    """Also one of the same size within the same second, and one that can't be imported."""
    record = cloud.record
    handler = cloud.project.functions / "health" / "handler.py"
    source = handler.read_text()
    for number in range(10, 30):
        handler.write_text(source.replace('"ok"', f'"{number}"'))
        assert f'"{number}"' in call(record, "GET", "/health").text
    handler.write_text("def handler(:\n")
    broken = call(record, "GET", "/health")
    assert (broken.status_code, broken.json()) == (500, {"message": "Internal Server Error"})
    handler.write_text(source)
    assert call(record, "GET", "/health").json() == {"status": "ok", "database": "ok"}


def test_a_function_has_the_account_it_declares(cloud: Cloud) -> None:
    handler = cloud.project.functions / "health" / "handler.py"
    source = handler.read_text()
    handler.write_text("import os\ndef handler(event, context):\n    return os.environ['DATABASE_USER']\n")
    assert call(cloud.record, "GET", "/health").text == "app_reader"
    handler.write_text(source)


def test_a_route_that_is_protected_now_lets_nobody_in(cloud: Cloud) -> None:
    """From the very next request on."""
    record = cloud.record
    manifest = cloud.project.functions / "health" / "function.yaml"
    source = manifest.read_text()
    assert "auth: none" in source
    manifest.write_text(source.replace("auth: none", "auth: jwt"))
    assert call(record, "GET", "/health").json() == {"message": "Unauthorized"}
    assert [line for line in cloud.record.routes if "GET /health " in line and "signed in" in line]
    assert "changed        GET /health " in cloud.printed()
    manifest.write_text(source)
    assert call(record, "GET", "/health").json() == {"status": "ok", "database": "ok"}


def test_a_new_function_is_found_without_a_request(cloud: Cloud) -> None:
    """What calls it, too: no request to the API would, nor any call of a function that was there."""
    record = cloud.record
    before = cloud.printed().count("functions were read again")

    def has_read(times: int) -> bool | None:
        return True if cloud.printed().count("functions were read again") == before + times else None

    manifest = "description: Tidies\ntimeout_seconds: 4\ntriggers:\n  - cognito: {trigger: PreSignUp}\n"
    declare(cloud, "tidy", manifest)
    until(lambda: has_read(1))
    answer = client(record, "cognito-idp").sign_up(
        ClientId=record.client_id, Username="carl@example.com", Password="Correct-Horse-1"
    )
    assert answer["UserConfirmed"]
    shutil.rmtree(cloud.project.functions / "tidy")
    until(lambda: has_read(2))


def test_a_new_migration_is_found(cloud: Cloud) -> None:
    migration = cloud.project.migrations / "0999_things.sql"
    migration.write_text("CREATE TABLE things (id INT)")
    line = "migrations/0999_things.sql is applied at the next start"
    until(lambda: True if line in cloud.printed().splitlines() else None)
    migration.unlink()


def declare(cloud: Cloud, name: str, manifest: str) -> None:
    """A function that lets users sign up without a code."""
    folder = cloud.project.functions / name
    folder.mkdir()
    (cloud.project.root / "events" / f"{name}.json").write_text("{}")
    source = "def handler(event, context):\n    return {**event, 'response': {'autoConfirmUser': True}}\n"
    (folder / "handler.py").write_text(source)
    (folder / "function.yaml").write_text(manifest)


def test_functions_are_invoked_and_their_logs_read(cloud: Cloud) -> None:
    record = cloud.record
    event = (REPOSITORY / "events" / "health.json").read_bytes()
    answer = client(record, "lambda").invoke(FunctionName="health", Payload=event, LogType="Tail")
    assert b'"statusCode": 200' in answer["Payload"].read()
    groups = client(record, "logs").describe_log_groups()["logGroups"]
    assert "/aws/lambda/health" in {group["logGroupName"] for group in groups}


def test_users_and_rows_survive_a_restart(cloud: Cloud) -> None:
    """The signing key too: who was signed in still is."""
    before = cloud.record
    token = sign_in(before, "ada@example.com")
    assert cloud.stop().splitlines()[-2:] == ["stopping", "stopped"]
    assert read_record(cloud.project) is None
    record = cloud.start()
    assert (record.user_pool_id, record.client_id) == (before.user_pool_id, before.client_id)
    assert call(record, "GET", "/me", token).json()["name"] == "Countess"


def test_a_killed_one_leaves_nothing_in_the_way(cloud: Cloud) -> None:
    """Its functions end with it, and the next start takes over the database."""
    children = _children(cloud.pid)
    cloud.stop(signal.SIGKILL)
    until(lambda: True if not any(map(_is_function, children)) else None)
    record = cloud.start()
    assert call(record, "GET", "/me", sign_in(record, "ada@example.com")).json()["name"] == "Countess"


def test_down_returns_when_the_process_is_gone(cloud: Cloud) -> None:
    """Not only when it has let go of its lock: its ports and its log are free then."""
    assert daemon.stop(cloud.project)
    assert not cloud.is_running()
    assert not daemon.stop(cloud.project)


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Cloud]:
    """A second checkout."""
    copy_application(tmp_path / "other")
    with Cloud(tmp_path / "other") as another:
        yield another


def test_two_checkouts_at_once(cloud: Cloud, another: Cloud) -> None:
    """The second is on other ports, which it says; each has its own users and rows."""
    first = cloud.start()
    port = urlsplit(first.api_url).port
    second = another.start("--port", str(port))
    assert f"port {port} is in use; the API is on {urlsplit(second.api_url).port}" in another.printed()
    sign_up(second, "bob@example.com")
    assert call(second, "GET", "/me", sign_in(second, "bob@example.com")).json()["email"] == "bob@example.com"
    with pytest.raises(client(first, "cognito-idp").exceptions.UserNotFoundException):
        client(first, "cognito-idp").admin_get_user(UserPoolId=first.user_pool_id, Username="bob@example.com")
    assert call(first, "GET", "/me", sign_in(first, "ada@example.com")).json()["name"] == "Countess"


def test_ctrl_c_ends_everything(another: Cloud) -> None:
    """The terminal sends SIGINT to all processes of the group; no traceback is printed, and none stays."""
    record = another.start()
    call(record, "GET", "/health")
    started = processes_below(another.pid)
    assert len(started) > 2, "MariaDB, and what runs functions"
    another.interrupt()
    assert another.printed().splitlines()[-2:] == ["stopping", "stopped"]
    assert "Traceback" not in another.printed()
    assert [pid for pid in started if is_alive(pid)] == []


def test_closing_the_terminal_ends_everything(another: Cloud) -> None:
    """Though a client waits for a message for 20 seconds."""
    record = another.start()
    queue = client(record, "sqs").create_queue(QueueName="quiet")["QueueUrl"]
    poll = functools.partial(client(record, "sqs").receive_message, QueueUrl=queue, WaitTimeSeconds=20)
    with ThreadPoolExecutor(1) as polling:
        received = polling.submit(poll)
        time.sleep(0.5)
        started = processes_below(another.pid)
        printed = another.stop(signal.SIGHUP, seconds=15)
        assert received.exception() is not None
    assert printed.splitlines()[-1] == "stopped"
    assert "Traceback" not in printed
    assert [pid for pid in started if is_alive(pid)] == []


def test_a_request_while_it_starts_is_answered_when_it_serves(another: Cloud) -> None:
    """Not with a 404, which is what a route is told that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    another.begin("--port", str(port))

    def answer() -> requests.Response | None:
        try:
            return requests.get(f"http://127.0.0.1:{port}/health", timeout=60)
        except requests.ConnectionError:
            return None

    assert until(answer).json() == {"status": "ok", "database": "ok"}


def test_ctrl_c_while_it_starts(another: Cloud) -> None:
    """It does not go on until it serves: what functions need may take minutes to install."""
    another.begin()
    until(lambda: True if (another.project.local / "mariadb" / "mariadb.pid").exists() else None)
    another.interrupt()
    printed = another.printed().splitlines()
    assert "stopped" in printed
    assert not any(line.startswith("API ") for line in printed)
    assert owner(another.project) is None


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ("ps", "-o", "pid=", "--ppid", str(pid)), capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def _is_function(pid: int) -> bool:
    """Whether a process that runs functions is still there, and no zombie."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        os.kill(pid, 0)
    except (OSError, ProcessLookupError):
        return False
    return b"toolchain" in command and b"mariadbd" not in command
